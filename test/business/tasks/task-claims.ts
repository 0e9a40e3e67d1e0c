/** Who may do a task, and until when. */
import assert from 'node:assert/strict'
import { taskLimits } from '../../../src/business/tasks/task-store.ts'
import { add, addAndClaim, addMany, claim, owner, stateOf, type TaskCase } from './task-kit.ts'

/** Long for what is done at once, short for those who wait. */
const leaseMilliseconds = 700

export const claimCases: readonly TaskCase[] = [
  {
    sentence: 'gives a task with its input to who claims, and says that it runs',
    run: async ({ store }) => {
      const { id, kind, input } = await add(store)

      const { fence, ...claimed } = await claim(store)

      assert.deepEqual(claimed, { id, kind, input, tries: 1 })
      assert.ok(fence > 0)
      const { state, tries } = (await store.find(id, owner)) ?? {}
      assert.deepEqual({ state, tries }, { state: 'running', tries: 1 })
    },
  },
  {
    sentence: 'gives the task first that waits for longest',
    run: async ({ store, pass }) => {
      const ids: string[] = []
      for (let added = 0; added < 3; added++) {
        ids.push(...(await addMany(store, 1)))
        await pass(2)
      }

      const claimed = [await claim(store), await claim(store), await claim(store)]

      assert.deepEqual(
        claimed.map(({ id }) => id),
        ids,
      )
    },
  },
  {
    sentence: 'gives a task to nobody else while its lease lasts',
    run: async ({ store }) => {
      await addAndClaim(store)

      assert.equal(await store.claim(), undefined)
    },
  },
  {
    sentence: 'gives a task to another, with a greater fence, when its lease has ended',
    run: async ({ under, pass }) => {
      const store = under({ leaseMilliseconds })
      const dead = await addAndClaim(store)
      await store.progress(dead, 40)

      await pass(leaseMilliseconds)

      const claimed = await claim(store)
      assert.equal(claimed.id, dead.id)
      assert.equal(claimed.tries, 2)
      assert.ok(claimed.fence > dead.fence)
      assert.equal((await store.find(dead.id, owner))?.progress, 0)
    },
  },
  {
    sentence: 'lets a claimant settle nothing whose task is taken over',
    run: async ({ under, pass }) => {
      const store = under({ leaseMilliseconds })
      const late = await addAndClaim(store)
      await pass(leaseMilliseconds)
      const claimed = await claim(under({}))

      const settled = [
        await store.progress(late, 90),
        await store.finish(late, '"late"'),
        await store.fail(late, 0),
        await store.release(late),
      ]

      assert.deepEqual(settled, [false, false, false, false])
      assert.equal(await stateOf(store, late.id), 'running')
      assert.equal(await store.finish(claimed, '"right"'), true)
      assert.equal(await store.finish(late, '"late"'), false)
      assert.equal((await store.find(late.id, owner))?.result, '"right"')
    },
  },
  {
    sentence: 'shows progress, which extends the lease',
    run: async ({ under, pass }) => {
      const store = under({ leaseMilliseconds })
      const claimed = await addAndClaim(store)
      await pass(leaseMilliseconds / 2)

      const isOurs = await under({}).progress(claimed, 40)
      await pass(leaseMilliseconds)

      assert.equal(isOurs, true)
      assert.equal(await store.claim(), undefined)
      assert.equal((await store.find(claimed.id, owner))?.progress, 40)
    },
  },
  {
    sentence: 'takes the same result twice, and keeps the first',
    run: async ({ store }) => {
      const claimed = await addAndClaim(store)

      const settled = [await store.finish(claimed, '1'), await store.finish(claimed, '2')]

      assert.deepEqual(settled, [true, true])
      assert.equal((await store.find(claimed.id, owner))?.result, '1')
      assert.deepEqual([await store.fail(claimed, 0), await store.release(claimed)], [false, false])
      assert.equal(await stateOf(store, claimed.id), 'done')
    },
  },
  {
    sentence: 'gives a task that failed again, though not before it is due',
    run: async ({ store, pass }) => {
      const failing = await addAndClaim(store)
      await store.progress(failing, 40)

      assert.equal(await store.fail(failing, leaseMilliseconds), true)

      const { state, progress, error } = (await store.find(failing.id, owner)) ?? {}
      assert.deepEqual(
        { state, progress, error },
        { state: 'queued', progress: 0, error: undefined },
      )
      assert.equal(await store.claim(), undefined)
      await pass(leaseMilliseconds)
      assert.equal((await claim(store)).tries, 2)
    },
  },
  {
    sentence: 'gives up a task that failed five times, and says so',
    run: async ({ store }) => {
      const { id } = await add(store)
      for (let tries = 1; tries <= taskLimits.maxTries; tries++) {
        assert.equal(await stateOf(store, id), 'queued')
        await store.fail(await claim(store), 0)
      }

      const { state, error, result, tries } = (await store.find(id, owner)) ?? {}

      assert.deepEqual({ state, result, tries }, { state: 'failed', result: undefined, tries: 5 })
      assert.equal(error, 'It was tried 5 times and did not succeed.')
      assert.equal(await store.claim(), undefined)
    },
  },
  {
    sentence: 'gives up a task that nobody survived five times',
    run: async ({ under }) => {
      const store = under({ leaseMilliseconds: 0 })
      const { id } = await add(store)
      for (let tries = 1; tries <= taskLimits.maxTries; tries++) await claim(store)

      assert.equal(await store.claim(), undefined)

      assert.equal(await stateOf(store, id), 'failed')
    },
  },
  {
    sentence: 'gives a task that was given back at once, and does not count the try',
    run: async ({ store }) => {
      const first = await addAndClaim(store)
      await store.progress(first, 40)

      assert.equal(await store.release(first), true)

      const { state, progress } = (await store.find(first.id, owner)) ?? {}
      assert.deepEqual({ state, progress }, { state: 'queued', progress: 0 })
      const second = await claim(store)
      assert.deepEqual([second.id, second.tries], [first.id, 1])
      assert.ok(second.fence > first.fence)
    },
  },
  {
    sentence: 'gives nobody a task that was cancelled, and tells who does it',
    run: async ({ store }) => {
      const running = await addAndClaim(store)
      const { id: waiting } = await add(store)

      const outcomes = [await store.cancel(waiting, owner), await store.cancel(running.id, owner)]

      assert.deepEqual(outcomes, ['cancelled', 'cancelled'])
      assert.equal(await store.claim(), undefined)
      assert.equal(await store.progress(running, 50), false)
      assert.equal(await store.finish(running, '{}'), false)
      assert.equal(await store.fail(running, 0), false)
      assert.equal(await store.release(running), false)
      assert.deepEqual(
        [await stateOf(store, waiting), await stateOf(store, running.id)],
        ['cancelled', 'cancelled'],
      )
    },
  },
  {
    sentence: 'cancels twice like once, and nothing that is done',
    run: async ({ store }) => {
      const { id } = await add(store)
      await store.cancel(id, owner)
      const done = await addAndClaim(store)
      await store.finish(done, '{}')

      const outcomes = [await store.cancel(id, owner), await store.cancel(done.id, owner)]

      assert.deepEqual(outcomes, ['cancelled', 'ended'])
      assert.equal(await stateOf(store, done.id), 'done')
    },
  },
]
