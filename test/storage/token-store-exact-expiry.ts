/** What only a clock shows that the test moves: either side of one millisecond, and steps backwards. */
import assert from 'node:assert/strict'
import { type ExactCase, issue, service, session, verifyEmail } from './token-store-kit.ts'

export const exactExpiryCases: readonly ExactCase[] = [
  {
    sentence: 'judges a session alive one millisecond before its expiry, and dead at it',
    run: async ({ store, step }) => {
      const { key, living } = await issue(store)
      step(599_999)
      const before = await store.peek(key, session)

      step(1)

      assert.equal(before?.judgedAt, living.expiresAt - 1)
      assert.equal(await store.peek(key, session), undefined)
      assert.deepEqual(await store.reinflate([key], session), [undefined])
      assert.equal(await store.revoke(key, session), undefined)
    },
  },
  {
    sentence: 'reinflates at the last millisecond by a whole TTL, and not one later',
    run: async ({ store, step }) => {
      const early = await issue(store)
      const late = await issue(store)
      step(599_999)
      const [reinflated] = await store.reinflate([early.key], session)

      step(1)

      assert.equal(reinflated?.expiresAt, early.living.issuedAt + 599_999 + 600_000)
      assert.deepEqual(await store.reinflate([late.key], session), [undefined])
    },
  },
  {
    sentence: 'judges a session dead at its cap, however often it was reinflated',
    run: async ({ store, step }) => {
      const { key, living } = await issue(store)
      for (let reinflations = 0; reinflations < 7; reinflations++) {
        step(500_000)
        await store.reinflate([key], session)
      }
      step(99_999)
      const before = await store.peek(key, session)

      step(1)

      assert.equal(before?.judgedAt, living.capAt - 1)
      assert.equal(await store.peek(key, session), undefined)
      assert.deepEqual(await store.reinflate([key], session), [undefined])
    },
  },
  {
    sentence: 'judges a fixed token alive one millisecond before its expiry, and dead at it',
    run: async ({ store, step }) => {
      const { key, living } = await issue(store, { purpose: service })
      step(899_999)
      const before = await store.peek(key, service)

      step(1)

      assert.equal(before?.expiresAt, living.expiresAt)
      assert.equal(await store.peek(key, service), undefined)
      assert.equal(await store.revoke(key, service), undefined)
    },
  },
  {
    sentence: 'gives a single-use token away one millisecond before its expiry, and not at it',
    run: async ({ store, step }) => {
      const early = await issue(store, { purpose: verifyEmail })
      const late = await issue(store, { purpose: verifyEmail })
      step(1_199_999)
      const taken = await store.take(early.key, verifyEmail)

      step(1)

      assert.equal(taken?.id, early.living.id)
      assert.equal(await store.take(late.key, verifyEmail), undefined)
    },
  },
  {
    sentence: 'does not bring a dead token back when the clock steps back',
    run: async ({ store, step }) => {
      const { key } = await issue(store)
      step(600_000)
      assert.equal(await store.peek(key, session), undefined)

      step(-300_000)

      assert.equal(await store.peek(key, session), undefined)
      assert.deepEqual(await store.reinflate([key], session), [undefined])
    },
  },
  {
    sentence: 'stands still while the clock is behind, and goes on where it stood',
    run: async ({ store, step }) => {
      const { key, living } = await issue(store)
      step(-300_000)

      const [reinflated] = await store.reinflate([key], session)
      const { living: later } = await issue(store)
      step(300_001)
      const goneOn = await store.peek(key, session)

      assert.equal(reinflated?.judgedAt, living.issuedAt)
      assert.equal(reinflated?.expiresAt, living.expiresAt)
      assert.equal(later.issuedAt, living.issuedAt)
      assert.equal(goneOn?.judgedAt, living.issuedAt + 1)
    },
  },
]
