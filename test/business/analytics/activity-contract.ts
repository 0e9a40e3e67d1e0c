/** The contract of `ActivityStore`. An adapter's own test file is one call, and what only that adapter has. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { ActivityStore } from '../../../src/business/analytics/activity-store.ts'
import { type Case, describeCases, hostileTexts } from '../../storage/contract.ts'

const at = 1_700_000_000_000

export const activityCases: readonly Case<ActivityStore>[] = [
  {
    sentence: 'knows nothing of somebody who was never there',
    run: async (store) => {
      await store.file(new Map([['ann', at]]))

      assert.equal(await store.lastOf('bo'), undefined)
    },
  },
  {
    sentence: 'files the instants of all',
    run: async (store) => {
      const all = new Map(Array.from({ length: 500 }, (_, index) => [`user-${index}`, at + index]))

      await store.file(all)

      for (const index of [0, 1, 250, 499])
        assert.equal(await store.lastOf(`user-${index}`), at + index)
    },
  },
  {
    sentence: 'keeps the latest instant, whatever comes when',
    run: async (store) => {
      await store.file(new Map([['ann', at]]))
      await store.file(new Map([['ann', at + 1]]))
      await store.file(new Map([['ann', at - 1]]))

      assert.equal(await store.lastOf('ann'), at + 1)
    },
  },
  {
    sentence: 'keeps the latest of simultaneous filings of the same users, in whatever order',
    run: async (store) => {
      const users = Array.from({ length: 50 }, (_, index) => `user-${index}`)
      const filings = Array.from({ length: 16 }, (_, filing) => {
        const order = filing % 2 === 0 ? users : [...users].reverse()
        return new Map(order.map((user) => [user, at + ((filing * 7) % 16)]))
      })

      await Promise.all(filings.map((one) => store.file(one)))

      for (const user of users) assert.equal(await store.lastOf(user), at + 15)
    },
  },
  {
    sentence: 'files nobody where there is nobody',
    run: async (store) => {
      await store.file(new Map())

      assert.equal(await store.lastOf(''), undefined)
    },
  },
  {
    sentence: 'files a copy',
    run: async (store) => {
      const all = new Map([['ann', at]])
      await store.file(all)

      all.set('ann', at + 1).set('bo', at)

      assert.deepEqual([await store.lastOf('ann'), await store.lastOf('bo')], [at, undefined])
    },
  },
  {
    sentence: 'knows nothing of somebody who is forgotten, and of all others what it knew',
    run: async (store) => {
      await store.file(new Map([['ann', at]]).set('bo', at))

      await store.forget('ann')

      assert.deepEqual([await store.lastOf('ann'), await store.lastOf('bo')], [undefined, at])
    },
  },
  {
    sentence: 'files nothing of somebody who is forgotten',
    run: async (store) => {
      await store.forget('ann')
      await store.forget('ann')

      await store.file(new Map([['ann', at]]).set('bo', at))

      assert.deepEqual([await store.lastOf('ann'), await store.lastOf('bo')], [undefined, at])
    },
  },
  ...hostileTexts.map(([what, text]) => ({
    sentence: `knows a user whose id has ${what} in it`,
    run: async (store: ActivityStore) => {
      await store.file(new Map([[text, at]]))
      const found = await store.lastOf(text)
      await store.forget(text)

      assert.deepEqual([found, await store.lastOf(text)], [at, undefined])
    },
  })),
]

export function activityContract(
  name: string,
  open: (t: TestContext) => Promise<ActivityStore>,
): void {
  describeCases(name, activityCases, open)
}
