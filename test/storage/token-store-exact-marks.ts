/** How long a mark is kept. */
import assert from 'node:assert/strict'
import {
  type ExactCase,
  isAlive,
  issue,
  markOf,
  newToken,
  service,
  session,
} from './token-store-kit.ts'

export const exactMarkCases: readonly ExactCase[] = [
  {
    sentence: 'keeps a mark of sessions for their cap and an hour',
    run: async ({ store, step }) => {
      const late = newToken()
      await store.revokeSubject(late.sub, [session])

      step(3_600_000 + 3_600_000 - 1)

      assert.ok((await markOf(store, late.sub, session)) !== undefined)
      assert.equal(await store.issue(late), undefined)
    },
  },
  {
    sentence: 'keeps a mark of fixed tokens for their TTL and an hour',
    run: async ({ store, step }) => {
      const late = newToken({ purpose: service })
      await store.revokeSubject(late.sub, [service])

      step(900_000 + 3_600_000 - 1)

      assert.ok((await markOf(store, late.sub, service)) !== undefined)
      assert.equal(await store.issue(late), undefined)
    },
  },
  {
    sentence: 'lets a token outlive the mark that it carries',
    run: async ({ store, step }) => {
      const { sub } = await issue(store)
      await store.revokeSubject(sub, [session])
      step(7_199_999)
      const issued = await issue(store, { sub, mark: await markOf(store, sub, session) })

      step(100_000)

      assert.equal(await isAlive(store, issued), true)
    },
  },
  {
    sentence: 'counts the life of a mark from the last time that the subject was ended',
    run: async ({ store, step }) => {
      const { sub } = await issue(store)
      await store.revokeSubject(sub, [session])
      step(7_000_000)
      await store.revokeSubject(sub, [session])

      step(7_000_000)

      assert.ok((await markOf(store, sub, session)) !== undefined)
    },
  },
  {
    sentence: 'remembers a change for as long as its mark',
    run: async ({ store, step }) => {
      const { sub } = await issue(store)
      await store.revokeSubject(sub, [session], 'a change')
      step(7_000_000)
      await store.revokeSubject(sub, [session])
      const mark = await markOf(store, sub, session)
      step(199_999)

      await store.revokeSubject(sub, [session], 'a change')

      assert.equal(await markOf(store, sub, session), mark)
    },
  },
]
