/** What is asked at the same moment has an order all the same. */
import assert from 'node:assert/strict'
import { add, addAndClaim, addMany, newTask, owner, stateOf, type TaskCase } from './task-kit.ts'

const sixteen = <T>(act: () => Promise<T>) => Promise.all(Array.from({ length: 16 }, act))

export const raceCases: readonly TaskCase[] = [
  {
    sentence: 'gives a task to exactly one of sixteen who claim at once',
    run: async ({ store }) => {
      const { id } = await add(store)

      const claims = (await sixteen(() => store.claim())).filter((one) => one !== undefined)

      assert.deepEqual(
        claims.map((one) => one.id),
        [id],
      )
    },
  },
  {
    sentence: 'gives each of nine tasks once to sixteen who claim at once',
    run: async ({ store }) => {
      const ids = await addMany(store, 9)

      const claims = (await sixteen(() => store.claim())).filter((one) => one !== undefined)

      assert.deepEqual(claims.map((one) => one.id).sort(), ids)
    },
  },
  {
    sentence: 'is cancelled or done, and never both, where both come at once',
    run: async ({ store }) => {
      for (let round = 0; round < 16; round++) {
        const claimed = await addAndClaim(store)
        const cancel = () => store.cancel(claimed.id, owner)
        const finish = () => store.finish(claimed, '{}')

        const [cancelled, finished] =
          round % 2 === 0
            ? await Promise.all([cancel(), finish()])
            : (await Promise.all([finish(), cancel()])).toReversed()

        const state = await stateOf(store, claimed.id)
        assert.deepEqual(
          { cancelled, finished },
          state === 'done'
            ? { cancelled: 'ended', finished: true }
            : { cancelled: 'cancelled', finished: false },
        )
      }
    },
  },
  {
    sentence: 'lets an owner who adds sixteen at once have no more than he may',
    run: async ({ under }) => {
      const store = under({ maxOpenPerOwner: 3 })

      const added = await sixteen(() => store.add(newTask()))

      assert.equal(added.filter((one) => one !== undefined).length, 3)
      assert.equal((await store.list({ owner, limit: 100 })).length, 3)
    },
  },
]
