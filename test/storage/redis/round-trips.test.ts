import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { TokenStore } from '../../../src/storage/ports.ts'
import { skipUnless } from '../../kit/installed.ts'
import { proxyCluster, startCluster } from '../../kit/redis-cluster.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { share } from '../../kit/shared-servers.ts'
import { startProxy } from '../../kit/tcp-proxy.ts'
import { issue, newToken, session, verifyEmail } from '../token-store-kit.ts'
import { openStore, shareRedis } from './open-tokens.ts'

describe('A call of the Redis token store', { skip: skipUnless('redis-server') }, () => {
  const redis = shareRedis()

  it('is one round trip, also for a list of 256 tokens', async (t) => {
    const { store, tripsOf } = await openCounted(t)
    const tokens = await Promise.all(Array.from({ length: 256 }, () => issue(store)))
    const keys = tokens.map(({ key }) => key)
    const { key, sub } = await issue(store, { purpose: verifyEmail })

    const trips = {
      reinflate: await tripsOf(() => store.reinflate(keys, session)),
      issue: await tripsOf(() => store.issue(newToken())),
      peek: await tripsOf(() => store.peek(key, verifyEmail)),
      marks: await tripsOf(() => store.marks(sub, [session, verifyEmail])),
      take: await tripsOf(() => store.take(key, verifyEmail)),
      revoke: await tripsOf(() => store.revoke(key, verifyEmail)),
      revokeSubject: await tripsOf(() => store.revokeSubject(sub, [session, verifyEmail])),
      ping: await tripsOf(() => store.ping()),
    }

    const expected = { issue: 1, peek: 1, take: 1, revoke: 1, marks: 1, ping: 1 }
    assert.deepEqual(trips, { ...expected, reinflate: 1, revokeSubject: 1 })
  })

  it('is one more where Redis has forgotten the script, once', async (t) => {
    const { store, tripsOf } = await openCounted(t)
    const { key } = await issue(store)
    await redis.server().cli('SCRIPT', 'FLUSH')

    const trips = [
      await tripsOf(() => store.peek(key, session)),
      await tripsOf(() => store.peek(key, session)),
    ]

    assert.deepEqual(trips, [2, 1])
  })

  it('has a connection of its own where strangers can ask for it as often as they like', async (t) => {
    const { store, proxy } = await openCounted(t)
    const { key, sub } = await issue(store)
    proxy.reset()

    for (let time = 0; time < 2; time++) await store.reinflate([key], session)
    await store.peek(key, session)
    for (let time = 0; time < 5; time++) await store.revoke(newToken().key, session)
    await store.revokeSubject(sub, [session])

    const trips = proxy.perConnection().map(({ roundTrips }) => roundTrips)
    assert.deepEqual(trips.sort(), [3, 6])
  })

  /** With all scripts known. */
  async function openCounted(t: TestContext) {
    await redis.server().cli('FLUSHALL')
    const proxy = await startProxy(t, redis.server())
    const store = openStore(t, proxy.through(redis.url()))
    await useAll(store)
    const tripsOf = async (call: () => Promise<unknown>) => {
      proxy.reset()
      await call()
      return proxy.roundTrips()
    }
    return { store, proxy, tripsOf }
  }
})

describe('A list of 256 tokens on a Cluster of three', { skip: skipUnless('redis-server') }, () => {
  const users = redisUsers()
  const cluster = share((context) => startCluster(context, 3, { aclLines: users.lines }))
  const proxied = share((context) => proxyCluster(context, cluster()))

  it('is one round trip to each node', async (t) => {
    const { proxies, urlAs } = proxied()
    const store = openStore(t, urlAs('sallyport_auth', users.authPassword))
    const tokens = await Promise.all(Array.from({ length: 256 }, () => issue(store)))
    const keys = tokens.map(({ key }) => key)
    await store.reinflate(keys, session)
    for (const proxy of proxies) proxy.reset()

    const answers = await store.reinflate(keys, session)

    assert.equal(answers.filter((answer) => answer?.refreshCount === 2).length, 256)
    const trips = proxies.map((proxy) => proxy.roundTrips())
    assert.deepEqual(trips, [1, 1, 1])
  })
})

async function useAll(store: TokenStore): Promise<void> {
  const { key, sub } = await issue(store)
  await store.reinflate([key], session)
  await store.marks(sub, [session])
  await store.peek(newToken().key, session)
  await store.ping()
  await store.revoke(key, session)
  await store.revokeSubject(sub, [session])
}
