/**
 * Expiry, with margins that a real clock keeps: a brief token lives for 2 s, a brief session at most 5 s. Whoever looks
 * for life has 0.8 s to do so.
 */
import assert from 'node:assert/strict'
import {
  briefService,
  briefSession,
  briefSingleUse,
  isAlive,
  issue,
  lasting,
  session,
  type TokenStoreCase,
} from './token-store-kit.ts'

export const expiryCases: readonly TokenStoreCase[] = [
  {
    sentence: 'lets a reinflating token live past its first expiry, as long as it is used',
    run: async ({ store, pass }) => {
      const { key, living } = await issue(store, { purpose: briefSession })
      await pass(1_200)
      const [reinflated] = await store.reinflate([key], briefSession)

      await pass(1_200)
      const later = await store.peek(key, briefSession)

      assert.ok(later !== undefined && later.judgedAt > living.expiresAt)
      assert.ok(reinflated !== undefined && reinflated.judgedAt >= living.issuedAt + 1_200)
      assert.equal(reinflated.expiresAt, reinflated.judgedAt + 2_000)
    },
  },
  {
    sentence: 'lets a reinflating token die one TTL after its last reinflation',
    run: async ({ store, pass }) => {
      const { key } = await issue(store, { purpose: briefSession })
      await pass(1_200)
      await store.reinflate([key], briefSession)

      await pass(2_100)

      assert.deepEqual(await store.reinflate([key], briefSession), [undefined])
      assert.equal(await store.peek(key, briefSession), undefined)
      assert.equal(await store.revoke(key, briefSession), undefined)
    },
  },
  {
    sentence: 'does not keep a reinflating token alive by peeking at it',
    run: async ({ store, pass }) => {
      const issued = await issue(store, { purpose: briefSession })
      await pass(1_200)
      assert.equal(await isAlive(store, issued, briefSession), true)

      await pass(1_200)

      assert.equal(await isAlive(store, issued, briefSession), false)
    },
  },
  {
    sentence: 'never moves an expiry past the cap, and lets the token die there',
    run: async ({ store, pass }) => {
      const { key, living } = await issue(store, { purpose: briefSession })
      await pass(1_200)
      await store.reinflate([key], briefSession)
      await pass(1_200)
      await store.reinflate([key], briefSession)
      await pass(1_200)

      const [capped] = await store.reinflate([key], briefSession)
      await pass(1_600)

      assert.equal(capped?.capAt, living.issuedAt + 5_000)
      assert.equal(capped?.expiresAt, capped?.capAt)
      assert.deepEqual(await store.reinflate([key], briefSession), [undefined])
    },
  },
  {
    sentence: 'keeps the cap of the issue, whatever cap the purpose has by now',
    run: async ({ store }) => {
      const { key, living } = await issue(store)
      const longer = { ...session, ttlSeconds: 7_200, capSeconds: 14_400 }

      const [reinflated] = await store.reinflate([key], longer)

      assert.equal(reinflated?.capAt, living.capAt)
      assert.equal(reinflated?.expiresAt, living.capAt)
    },
  },
  {
    sentence: 'never moves an expiry backwards, whatever TTL the purpose has by now',
    run: async ({ store }) => {
      const { key, living } = await issue(store)
      const shorter = { ...session, ttlSeconds: 1 }

      const [reinflated] = await store.reinflate([key], shorter)

      assert.equal(reinflated?.expiresAt, living.expiresAt)
      assert.equal((await store.peek(key, session))?.expiresAt, living.expiresAt)
    },
  },
  {
    sentence: 'lets a fixed token die after its TTL, however often it is looked at',
    run: async ({ store, pass }) => {
      const { key, living } = await issue(store, { purpose: briefService })
      await pass(1_200)
      assert.deepEqual(lasting(await store.peek(key, briefService)), lasting(living))

      await pass(1_200)

      assert.equal(await store.peek(key, briefService), undefined)
      assert.equal(await store.revoke(key, briefService), undefined)
    },
  },
  {
    sentence: 'gives a single-use token to nobody after its TTL',
    run: async ({ store, pass }) => {
      const { key } = await issue(store, { purpose: briefSingleUse })

      await pass(2_400)

      assert.equal(await store.take(key, briefSingleUse), undefined)
    },
  },
]
