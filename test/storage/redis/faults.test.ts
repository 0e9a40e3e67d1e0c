/** A real Redis that is gone, refuses, or is not the one to ask; and a store that goes on when it is again. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TokenStore } from '../../../src/storage/ports.ts'
import { freePort } from '../../kit/free-port.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { startRedis } from '../../kit/redis.ts'
import { startProxy } from '../../kit/tcp-proxy.ts'
import { assertUnavailable } from '../contract.ts'
import { type Issued, isAlive, issue, newToken, session, verifyEmail } from '../token-store-kit.ts'
import { openStore } from './open-tokens.ts'
import { canIssue, openLogged, startOwnRedis } from './own-redis.ts'

describe('A Redis that is gone', { skip: skipUnless('redis-server') }, () => {
  it('is waited for by calls, and found again by them', async (t) => {
    const { redis, url } = await startOwnRedis(t)
    const proxy = await startProxy(t, redis)
    const store = openStore(t, proxy.through(url))
    const login = await issue(store)
    const code = await issue(store, { purpose: verifyEmail })
    await proxy.refuse(true)
    proxy.cut()
    await waitUntil(() => proxy.connections() === 0)
    const answers = [isAlive(store, login), store.take(code.key, verifyEmail)] as const

    await proxy.refuse(false)

    assert.equal(await answers[0], true)
    assert.equal((await answers[1])?.id, code.living.id)
  })

  it('is a 503 for every call, at the deadline and no later', async (t) => {
    const { redis, url } = await startOwnRedis(t)
    const store = openStore(t, url)
    const login = await issue(store)
    await redis.kill()
    const startedAt = Date.now()

    const answers = callsOf(login).map((call) => assertUnavailable(call(store)))

    await Promise.all(answers)
    const milliseconds = Date.now() - startedAt
    assert.equal(milliseconds < 1_500, true, `${milliseconds} ms`)
    await redis.restart()
    await waitUntil(async () => !(await isAlive(store, login).catch(() => true)), 5)
    assert.equal(await isAlive(store, await issue(store)), true)
  })

  it('has the same tokens when it is back with its file', async (t) => {
    const { redis, url } = await startOwnRedis(t, { appendOnly: 'always' })
    const store = openStore(t, url)
    const login = await issue(store)
    await redis.kill()
    const restarted = redis.restart()

    const outcomes = await outcomesUntil(restarted, () => store.peek(login.key, session))

    assert.equal(outcomes.includes(undefined), false)
    assert.equal(await isAlive(store, login), true)
  })

  it('is never an absence while it loads its file', async (t) => {
    const slowly = ['key-load-delay 10000', 'loading-process-events-interval-bytes 1024']
    const { redis, url } = await startOwnRedis(t, { config: slowly })
    const { store, log } = openLogged(t, url)
    const logins = await Promise.all(Array.from({ length: 100 }, () => issue(store)))
    const [login] = logins
    assert.ok(login !== undefined)
    await redis.cli('SAVE')
    await redis.kill()
    const restarted = redis.restart()

    const outcomes = await outcomesUntil(restarted, () => store.peek(login.key, session))

    const reasons = outcomes.map((one) => (one instanceof Error ? String(one.cause) : ''))
    assert.equal(
      reasons.some((reason) => reason.includes('LOADING')),
      true,
      log.text(),
    )
    assert.equal(outcomes.includes(undefined), false)
    await waitUntil(() => isAlive(store, login).catch(() => false), 3)
  })
})

describe('A Redis that became a replica', { skip: skipUnless('redis-server') }, () => {
  it('is a 503 for every call until it is a master again', async (t) => {
    const { redis, url, users } = await startOwnRedis(t)
    const master = await startRedis(t, { aclLines: users.lines })
    const store = openStore(t, url)
    const login = await issue(store)
    await redis.cli('REPLICAOF', '127.0.0.1', String(master.port))
    await waitUntil(async () => (await redis.cli('INFO')).includes('master_link_status:up'))

    const reason = await reasonOf(store.revoke(login.key, session))
    const answers = callsOf(login).map((call) => assertUnavailable(call(store)))

    assert.match(reason, /^Error: READONLY/)
    await Promise.all(answers)
    await redis.cli('REPLICAOF', 'NO', 'ONE')
    await waitUntil(() => canIssue(store), 3)
  })

  it('is a 503 for every call while it has lost its master', async (t) => {
    const { redis, url } = await startOwnRedis(t, { config: ['replica-serve-stale-data no'] })
    const store = openStore(t, url)
    const login = await issue(store)
    await redis.cli('REPLICAOF', '127.0.0.1', String(await freePort()))

    const reason = await reasonOf(store.revoke(login.key, session))
    const answers = callsOf(login).map((call) => assertUnavailable(call(store)))

    assert.match(reason, /^Error: READONLY/)
    await Promise.all(answers)
    await redis.cli('REPLICAOF', 'NO', 'ONE')
    await waitUntil(() => isAlive(store, login).catch(() => false), 3)
  })
})

/** One of each. */
function callsOf({ key, sub }: Pick<Issued, 'key' | 'sub'>) {
  return [
    (store: TokenStore) => store.issue(newToken()),
    (store: TokenStore) => store.reinflate([key], session),
    (store: TokenStore) => store.peek(key, session),
    (store: TokenStore) => store.take(key, verifyEmail),
    (store: TokenStore) => store.revoke(key, session),
    (store: TokenStore) => store.revokeSubject(sub, [session]),
    (store: TokenStore) => store.marks(sub, [session]),
    (store: TokenStore) => store.ping(),
  ]
}

/** What Redis says to a call, which must be a 503. */
async function reasonOf(call: Promise<unknown>): Promise<string> {
  await assertUnavailable(call)
  return String(await call.catch((error: Error) => error.cause))
}

/** What calls one after the other came to, refusals too; any other error fails. */
async function outcomesUntil(over: Promise<unknown>, call: () => Promise<unknown>) {
  const outcomes: unknown[] = []
  let isOver = false
  void over.finally(() => {
    isOver = true
  })
  while (!isOver) {
    const answer = call()
    outcomes.push(await answer.catch((error: unknown) => error))
    if (outcomes.at(-1) instanceof Error) await assertUnavailable(answer)
  }
  return outcomes
}
