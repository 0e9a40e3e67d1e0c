import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { memoryTokenStore } from '../../src/storage/memory/tokens.ts'
import type { TokenStore } from '../../src/storage/ports.ts'
import { bearer, readAnswer } from '../kit/auth-calls.ts'
import { logIn, serviceTokenOf, startTestAuth } from '../kit/servers.ts'

/** auth whose token store, from a certain moment on, says to the probe that it cannot work. */
async function startFailing(t: TestContext) {
  let isFailing = false
  const store = memoryTokenStore({ now: Date.now, maxTokens: 10_000, reservedPlaces: 1_000 })
  const tokens: TokenStore = {
    ...store,
    async ping() {
      if (isFailing) throw new Error('the store does not answer')
      await store.ping()
    },
  }
  const auth = await startTestAuth(t, { tokens })
  const session = await logIn(auth.url)
  const service = await serviceTokenOf(auth.url)
  isFailing = true
  await auth.readiness.probe()
  const recover = () => {
    isFailing = false
  }
  return { ...auth, session, service, recover }
}

async function askReadiness(url: string, token?: string) {
  const headers = token === undefined ? {} : { authorization: bearer(token) }
  return await readAnswer(await fetch(`${url}/readyz`, { headers }))
}

describe('GET /readyz', () => {
  it('says 200 where all works', async (t) => {
    const { url } = await startTestAuth(t)

    const { status, body } = await askReadiness(url)

    assert.equal(status, 200)
    assert.deepEqual(body, { status: 'ready' })
  })

  it('says 503 with Retry-After, and no reason, to a stranger', async (t) => {
    const { url } = await startFailing(t)

    const { status, headers, body } = await askReadiness(url)

    assert.equal(status, 503)
    assert.equal(body.error, 'temporarily_unavailable')
    assert.equal(body.error_description, 'This server is not ready.')
    assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/)
  })

  it('says no reason to a session token or an unknown one', async (t) => {
    const { url, session } = await startFailing(t)

    const user = await askReadiness(url, session)
    const unknown = await askReadiness(url, `sp_c_${'a'.repeat(12)}_${'b'.repeat(43)}`)

    assert.equal(user.body.error_description, 'This server is not ready.')
    assert.equal(unknown.body.error_description, 'This server is not ready.')
  })

  it('says the reason to a service token', async (t) => {
    const { url, service } = await startFailing(t)

    const { status, body } = await askReadiness(url, service)

    assert.equal(status, 503)
    assert.equal(body.error_description, 'This server is not ready: token_store.')
  })

  it('says no reason where the store that knows service tokens is what fails', async (t) => {
    const { url, tokens, readiness } = await startTestAuth(t)
    await tokens.close()
    await readiness.probe()

    const { status, body } = await askReadiness(url, `sp_c_${'a'.repeat(12)}_${'b'.repeat(43)}`)

    assert.equal(status, 503)
    assert.equal(body.error_description, 'This server is not ready.')
  })

  it('tells the log the reason, once, and when it has gone', async (t) => {
    const { readiness, recover, log } = await startFailing(t)

    await readiness.probe()
    recover()
    await readiness.probe()

    assert.equal(log.find('not ready').length, 1)
    assert.match(String(log.find('not ready')[0]?.error), /the store does not answer/)
    assert.equal(log.find('ready again').length, 1)
  })

  it('says 200 again when all works again', async (t) => {
    const { url, readiness, recover } = await startFailing(t)
    recover()
    await readiness.probe()

    assert.equal((await askReadiness(url)).status, 200)
  })

  it('leaves /healthz at 200', async (t) => {
    const { url } = await startFailing(t)

    const { status, body } = await readAnswer(await fetch(`${url}/healthz`))

    assert.equal(status, 200)
    assert.deepEqual(body, { status: 'ok' })
  })
})
