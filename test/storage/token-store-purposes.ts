/** A token of another purpose is unknown, and stays as it was: neither consumed nor extended. */
import assert from 'node:assert/strict'
import {
  issue,
  lasting,
  otherSession,
  otherSingleUse,
  service,
  session,
  type TokenStoreCase,
  verifyEmail,
} from './token-store-kit.ts'

export const purposeCases: readonly TokenStoreCase[] = [
  {
    sentence: 'does not show a token under another purpose',
    run: async ({ store }) => {
      const { key } = await issue(store)

      assert.equal(await store.peek(key, otherSession), undefined)
      assert.equal(await store.peek(key, service), undefined)
      assert.equal(await store.peek(key, verifyEmail), undefined)
    },
  },
  {
    sentence: 'does not take a single-use token of another purpose, nor consume it',
    run: async ({ store }) => {
      const { key, living } = await issue(store, { purpose: verifyEmail })

      const taken = await store.take(key, otherSingleUse)

      assert.equal(taken, undefined)
      assert.deepEqual(lasting(await store.take(key, verifyEmail)), lasting(living))
    },
  },
  {
    sentence: 'does not take a session, nor consume it',
    run: async ({ store }) => {
      const { key, living } = await issue(store)

      const taken = await store.take(key, verifyEmail)

      assert.equal(taken, undefined)
      assert.deepEqual(lasting(await store.peek(key, session)), lasting(living))
    },
  },
  {
    sentence: 'does not revoke a token of another purpose',
    run: async ({ store }) => {
      const { key, living } = await issue(store)

      const revoked = await store.revoke(key, otherSession)

      assert.equal(revoked, undefined)
      assert.deepEqual(lasting(await store.peek(key, session)), lasting(living))
    },
  },
  {
    sentence: 'does not reinflate a reinflating token of another purpose',
    run: async ({ store, pass }) => {
      const { key, living } = await issue(store)
      await pass(50)

      const answers = await store.reinflate([key], otherSession)

      assert.deepEqual(answers, [undefined])
      assert.deepEqual(lasting(await store.peek(key, session)), lasting(living))
    },
  },
  {
    sentence: 'does not reinflate a fixed token',
    run: async ({ store, pass }) => {
      const { key, living } = await issue(store, { purpose: service })
      await pass(50)

      const answers = await store.reinflate([key], session)

      assert.deepEqual(answers, [undefined])
      assert.deepEqual(lasting(await store.peek(key, service)), lasting(living))
    },
  },
  {
    sentence: 'does not reinflate a single-use token',
    run: async ({ store, pass }) => {
      const { key, living } = await issue(store, { purpose: verifyEmail })
      await pass(50)

      const answers = await store.reinflate([key], session)

      assert.deepEqual(answers, [undefined])
      assert.deepEqual(lasting(await store.peek(key, verifyEmail)), lasting(living))
    },
  },
]
