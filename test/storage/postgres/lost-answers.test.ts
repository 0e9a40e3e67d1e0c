/** What becomes of a call whose answer is lost on the way: nobody knows, who asked, whether it ran. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { startOneWayProxy } from '../../kit/one-way-proxy.ts'
import { waitUntil } from '../../kit/processes.ts'
import { assertUnavailable } from '../contract.ts'
import { assertMarkIsSetOnce } from '../lost-mark.ts'
import { isAlive, issue, session, verifyEmail } from '../token-store-kit.ts'
import { openTokens, sharePostgres } from './open-stores.ts'

describe('An answer of Postgres that is lost', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()

  it('is a 503 where all of a subject was ended, whose mark is not set again after a later one', async (t) => {
    await assertMarkIsSetOnce(await openDeaf(t))
  })

  it('is a 503 for a taker, though the token was taken', async (t) => {
    const { store, proxy, elsewhere } = await openDeaf(t)
    const code = await issue(elsewhere, { purpose: verifyEmail })
    proxy.swallowAnswers()
    const answer = assertUnavailable(store.take(code.key, verifyEmail))
    await waitUntil(async () => !(await isAlive(elsewhere, code, verifyEmail)))

    proxy.cut()

    await answer
    assert.equal(await store.take(code.key, verifyEmail), undefined)
  })

  /** Whatever strangers can ask for has a connection. */
  async function openDeaf(t: TestContext) {
    const proxy = await startOneWayProxy(t, { port: server().postgres.port })
    const store = await openTokens(t, proxy.through(server().auth))
    await store.marks('somebody', [session])
    return { store, proxy, elsewhere: await openTokens(t, server().auth) }
  }
})
