/** What business knows of all that its users do, in real processes. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { callAt } from '../kit/auth-calls.ts'
import { join, like, writePost } from '../kit/authors.ts'
import { skipUnless } from '../kit/installed.ts'
import { startAuth, startBoth, startBusiness, untilReady, waitUntil } from '../kit/processes.ts'
import { startProvisioned } from '../kit/provisioned.ts'

const limit = { timeout: 120_000 }

/** So that midnight may pass while a test runs. */
function aroundNow(): string {
  const day = (offset: number) => new Date(Date.now() + offset).toISOString().slice(0, 10)
  return `from=${day(-86_400_000)}&to=${day(86_400_000)}`
}

describe('analytics', limit, () => {
  it('count the likes of the day', async (t) => {
    const { auth, business } = await startBoth(t)
    const [ann, bo] = [await join(auth.url), await join(auth.url)]
    const post = await writePost(business.url, ann.session)
    await like(business.url, ann.session, post)
    await like(business.url, bo.session, post)

    const likes = async () => {
      const url = `${business.url}/analytics/likes?${aroundNow()}`
      const { body } = await callAt(url, 'GET', { token: ann.session })
      return (body.days as readonly { readonly likes: number }[]).map((one) => one.likes)
    }

    await waitUntil(async () => (await likes()).reduce((sum, one) => sum + one) === 2)
    assert.equal((await likes()).length, 3)
  })

  it('keep on Postgres when a user was last there, though business stops before the next flush', {
    skip: skipUnless('postgres'),
  }, async (t) => {
    const { business: CONTENT_STORE } = await startProvisioned(t)
    const auth = await startAuth(t)
    const variables = { APP_ENV: 'demo', CONTENT_STORE, AUTH_URL: auth.url }
    const ann = await join(auth.url)
    const first = await startBusiness(t, variables)
    await untilReady(first.url)
    const before = Math.floor(Date.now() / 1000)
    await callAt(`${first.url}/data`, 'GET', { token: ann.session })
    const after = Math.floor(Date.now() / 1000)
    first.signal('SIGTERM')
    await first.ended

    const second = await startBusiness(t, variables)
    await untilReady(second.url)
    const { body } = await callAt(`${second.url}/analytics/activity`, 'GET', {
      token: ann.session,
    })

    const at = Number(body.last_request_at)
    assert.ok(at >= before && at <= after, `${at} is not from ${before} to ${after}`)
  })
})
