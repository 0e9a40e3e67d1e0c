import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import {
  briefService,
  briefSession,
  briefSingleUse,
  isAlive,
  issue,
  markOf,
  session,
} from '../token-store-kit.ts'
import { shareRedis } from './open-tokens.ts'

describe('The end of a token in Redis', { skip: skipUnless('redis-server') }, () => {
  const { server, open: openEmpty } = shareRedis()

  it('is decided by what is stored, though the key should never have lost its expiry', async (t) => {
    const { store } = await openEmpty(t)
    const { key, living } = await issue(store, { purpose: briefSession })
    const [name = ''] = await namesOfTokens()
    await server().cli('PERSIST', name)

    await waitUntil(async () => !(await isAlive(store, { key }, briefSession)))

    assert.equal((await nowOfRedis()) >= living.expiresAt, true)
    assert.equal(await server().cli('EXISTS', name), '1')
    assert.deepEqual(await store.reinflate([key], briefSession), [undefined])
    assert.equal(await store.revoke(key, briefSession), undefined)
    assert.equal(await isAlive(store, { key }, briefSession), false)
  })

  it('is decided for a single-use token in the same way', async (t) => {
    const { store } = await openEmpty(t)
    const { key, living } = await issue(store, { purpose: briefSingleUse })
    const [name = ''] = await namesOfTokens()
    await server().cli('PERSIST', name)
    await waitUntil(async () => (await nowOfRedis()) >= living.expiresAt)

    const taken = await store.take(key, briefSingleUse)

    assert.equal(taken, undefined)
    assert.equal(await server().cli('EXISTS', name), '1')
  })

  it('is also the end of its key, which moves along', async (t) => {
    const { store } = await openEmpty(t)
    const { key, living } = await issue(store)
    const [name = ''] = await namesOfTokens()
    const before = await server().cli('PEXPIRETIME', name)

    const [reinflated] = await store.reinflate([key], session)

    assert.equal(before, String(living.expiresAt))
    assert.equal(await server().cli('PEXPIRETIME', name), String(reinflated?.expiresAt))
  })

  it('leaves nothing behind, while marks stay for the longest life and an hour', async (t) => {
    const { store } = await openEmpty(t)
    const purposes = [briefSession, briefService, briefSingleUse]
    for (const purpose of purposes) await issue(store, { purpose })
    const { sub } = await issue(store, { purpose: briefSession })
    await store.revokeSubject(sub, [briefSession])
    assert.equal(await server().cli('DBSIZE'), '5')

    await waitUntil(async () => (await server().cli('DBSIZE')) === '1')

    assert.notEqual(await markOf(store, sub, briefSession), undefined)
    const [name = ''] = (await server().cli('KEYS', '*')).split('\n')
    const secondsLeft = Number(await server().cli('TTL', name))
    const longest = briefSession.capSeconds + 3_600
    assert.equal(secondsLeft <= longest && secondsLeft > longest - 30, true, `${secondsLeft} s`)
  })

  async function namesOfTokens(): Promise<string[]> {
    return (await server().cli('KEYS', 'sallyport:auth:*:t:*')).split('\n')
  }

  /** Epoch milliseconds. */
  async function nowOfRedis(): Promise<number> {
    const [seconds, microseconds] = (await server().cli('TIME')).split('\n').map(Number)
    return (seconds ?? 0) * 1000 + Math.floor((microseconds ?? 0) / 1000)
  }
})
