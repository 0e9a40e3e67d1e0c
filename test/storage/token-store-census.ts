/** How many tokens there are of each purpose. */
import assert from 'node:assert/strict'
import { issue, service, session, type TokenStoreCase, verifyEmail } from './token-store-kit.ts'

export const censusCases: readonly TokenStoreCase[] = [
  {
    sentence: 'counts nothing where nothing is filed',
    run: async ({ store }) => {
      assert.deepEqual((await store.census()).counts, {})
    },
  },
  {
    sentence: 'counts few tokens exactly, by their purposes, or says that it has not looked at all',
    run: async ({ store }) => {
      for (const purpose of [session, session, session, service, verifyEmail, verifyEmail])
        await issue(store, { purpose })

      const { counts, isSampled } = await store.census()

      if (!isSampled) assert.deepEqual({ ...counts }, { session: 3, service: 1, verify_email: 2 })
    },
  },
  {
    sentence: 'counts no token that was taken or revoked, and no mark',
    run: async ({ store }) => {
      const single = await issue(store, { purpose: verifyEmail })
      const gone = await issue(store)
      const left = await issue(store)
      await store.take(single.key, verifyEmail)
      await store.revoke(gone.key, session)
      await store.revokeSubject('somebody else', [service])

      const { counts, isSampled } = await store.census()

      if (!isSampled) assert.deepEqual({ ...counts }, { session: 1 })
      assert.notEqual(await store.peek(left.key, session), undefined)
    },
  },
]
