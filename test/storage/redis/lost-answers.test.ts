/** What becomes of a call whose answer is lost on the way: nobody knows, who asked, whether it ran. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { TokenStore } from '../../../src/storage/ports.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startOneWayProxy } from '../../kit/one-way-proxy.ts'
import { waitUntil } from '../../kit/processes.ts'
import { assertUnavailable } from '../contract.ts'
import { assertMarkIsSetOnce } from '../lost-mark.ts'
import { isAlive, issue, markOf, newToken, session, verifyEmail } from '../token-store-kit.ts'
import { openStore, shareRedis } from './open-tokens.ts'

describe('An answer of Redis that is lost', { skip: skipUnless('redis-server') }, () => {
  const redis = shareRedis()

  it('is asked for again where a token was looked at', async (t) => {
    const { store, cutAfter } = await openDeaf(t)
    const { key, living } = await issue(store)

    const found = await cutAfter(() => store.peek(key, session))

    assert.equal(found?.id, living.id)
    assert.equal(await scriptsRun(), 2)
  })

  it('is asked for again where a token was reinflated', async (t) => {
    const { store, cutAfter } = await openDeaf(t)
    const { key } = await issue(store)
    await store.reinflate([key], session)

    const [found] = await cutAfter(() => store.reinflate([key], session))

    assert.equal(found?.refreshCount, 3)
    assert.equal(await scriptsRun(), 2)
  })

  it('is a 503 where all of a subject was ended, whose mark is not set again after a later one', async (t) => {
    const { store, proxy } = await openDeaf(t)
    await store.revokeSubject('somebody', [session]) // from then on there is a connection for it

    await assertMarkIsSetOnce({ store, proxy, elsewhere: openStore(t, redis.url()) })
  })

  it('is asked for again where a change has ended all of a subject, which sets one mark', async (t) => {
    const { store, cutAfter } = await openDeaf(t)
    const elsewhere = openStore(t, redis.url())
    await store.revokeSubject('somebody', [session], 'the first')

    await cutAfter(() => store.revokeSubject('somebody', [session], 'the second'))

    const mark = await markOf(elsewhere, 'somebody', session)
    await elsewhere.revokeSubject('somebody', [session], 'the second')
    assert.equal(await markOf(elsewhere, 'somebody', session), mark)
  })

  it('is a 503 for a taker, though the token was taken, once', async (t) => {
    const { store, cutAfter } = await openDeaf(t)
    const { key } = await issue(store, { purpose: verifyEmail })

    const answer = cutAfter(() => store.take(key, verifyEmail))

    await assertUnavailable(answer)
    assert.equal(await scriptsRun(), 1)
    assert.equal(await redis.server().cli('DBSIZE'), '0')
  })

  it('is a 503 for a revocation, which ran once', async (t) => {
    const { store, cutAfter } = await openDeaf(t)
    const { key } = await issue(store)

    const answer = cutAfter(() => store.revoke(key, session))

    await assertUnavailable(answer)
    assert.equal(await scriptsRun(), 1)
    assert.equal(await isAlive(store, { key }), false)
  })

  it('is a 503 for a login, which is not filed twice', async (t) => {
    const { store, cutAfter } = await openDeaf(t)
    await issue(store)

    const answer = cutAfter(() => store.issue(newToken()))

    await assertUnavailable(answer)
    assert.equal(await scriptsRun(), 1)
  })

  it('is a 503 at the deadline where the connection stays, and the end of that connection', async (t) => {
    const { store, proxy } = await openDeaf(t)
    const elsewhere = openStore(t, redis.url())
    const code = await issue(elsewhere, { purpose: verifyEmail })
    const login = await issue(elsewhere)
    proxy.swallowAnswers()
    const startedAt = Date.now()

    const answer = store.take(code.key, verifyEmail)

    await assertUnavailable(answer)
    const milliseconds = Date.now() - startedAt
    assert.equal(milliseconds >= 790 && milliseconds < 2_000, true, `${milliseconds} ms`)
    assert.equal(await takesRun(), 1)
    assert.equal(await isAlive(elsewhere, code, verifyEmail), false)
    const ended = await store.revoke(login.key, session)
    assert.equal(ended?.id, login.living.id)
  })

  async function openDeaf(t: TestContext) {
    await redis.server().cli('FLUSHALL')
    await teachScripts(openStore(t, redis.url()))
    const proxy = await startOneWayProxy(t, redis.server())
    const store = openStore(t, proxy.through(redis.url()))
    await store.ping()
    await redis.server().cli('FLUSHALL')
    await redis.server().cli('CONFIG', 'RESETSTAT')
    return {
      store,
      proxy,
      /** Lets Redis do it, the answer go astray, and the connection end. */
      cutAfter: async <T>(call: () => Promise<T>): Promise<T> => {
        await redis.server().cli('CONFIG', 'RESETSTAT')
        proxy.swallowAnswers()
        const answer = call()
        answer.catch(() => {}) // looked at below
        await waitUntil(async () => (await scriptsRun()) === 1)
        proxy.cut()
        return await answer
      },
    }
  }

  /** Since the last cut. */
  async function scriptsRun(): Promise<number> {
    return await callsOf('evalsha')
  }

  /** Only they remove. */
  async function takesRun(): Promise<number> {
    return await callsOf('del')
  }

  async function callsOf(command: string): Promise<number> {
    const info = await redis.server().cli('INFO', 'commandstats')
    const [, calls = '0'] = new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(info) ?? []
    return Number(calls)
  }
})

/** So that each call is one script from then on. */
async function teachScripts(store: TokenStore): Promise<void> {
  const { key, sub } = await issue(store)
  await store.reinflate([key], session)
  await store.marks(sub, [session])
  await store.revoke(key, session)
  await store.revokeSubject(sub, [session])
}
