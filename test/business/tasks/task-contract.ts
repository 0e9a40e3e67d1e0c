/** The contract of `TaskStore`. An adapter's own test file is one call, and what only that adapter has. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { describeCases, hostileTexts } from '../../storage/contract.ts'
import { claimCases } from './task-claims.ts'
import {
  add,
  addAndClaim,
  addMany,
  claim,
  finishOne,
  listedIds,
  newTask,
  type OpenedTasks,
  owner,
  stateOf,
  type TaskCase,
} from './task-kit.ts'
import { raceCases } from './task-races.ts'

const stranger = '0192f0c1-0000-7000-8000-00000000000b'

const lifeCases: readonly TaskCase[] = [
  {
    sentence: 'files a task as it was added, queued and untried',
    run: async ({ store }) => {
      const task = newTask()

      const added = await store.add(task)

      const found = await store.find(task.id, owner)
      assert.deepEqual(added, found)
      const { createdAt = 0, updatedAt, ...rest } = found ?? {}
      assert.deepEqual(rest, {
        ...task,
        ...{ state: 'queued', progress: 0, tries: 0, result: undefined, error: undefined },
      })
      assert.ok(Number.isSafeInteger(createdAt) && createdAt > 1_600_000_000_000)
      assert.equal(updatedAt, createdAt)
    },
  },
  {
    sentence: 'shows a task that is done with its result',
    run: async ({ store }) => {
      const id = await finishOne(store, '{"primes":25}')

      const { state, progress, result, error, tries } = (await store.find(id, owner)) ?? {}

      assert.deepEqual(
        { state, progress, result, error, tries },
        { state: 'done', progress: 100, result: '{"primes":25}', error: undefined, tries: 1 },
      )
    },
  },
  {
    sentence: 'takes the same task twice for one, also when it has ended',
    run: async ({ store }) => {
      const task = await add(store)
      const again = await store.add(task)
      await store.finish(await claim(store), '{}')

      const later = await store.add(task)

      assert.deepEqual([again?.state, later?.state], ['queued', 'done'])
      assert.deepEqual(await listedIds(store), [task.id])
      assert.equal(await store.claim(), undefined)
    },
  },
  {
    sentence: 'shows a task to its owner alone',
    run: async ({ store }) => {
      const { id } = await add(store)

      assert.equal(await store.find(id, stranger), undefined)
      assert.deepEqual(await store.list({ owner: stranger, limit: 10 }), [])
      assert.equal(await store.cancel(id, stranger), undefined)
      assert.equal(await stateOf(store, id), 'queued')
    },
  },
  {
    sentence: 'finds nothing where nothing is',
    run: async ({ store }) => {
      const { id } = newTask()

      assert.equal(await store.find(id, owner), undefined)
      assert.equal(await store.cancel(id, owner), undefined)
      assert.deepEqual(await store.list({ owner, limit: 10 }), [])
      assert.equal(await store.claim(), undefined)
      assert.equal(await store.finish({ id, fence: 1 }, '{}'), false)
    },
  },
  ...hostileTexts.map(([what, text]) => ({
    sentence: `keeps owner, input and result with ${what} in them`,
    run: async ({ store }: OpenedTasks) => {
      const input = JSON.stringify({ text })
      const { id } = await add(store, { owner: text, input })
      const claimed = await claim(store)
      assert.equal(claimed.input, input)

      await store.finish(claimed, text)

      assert.equal((await store.find(id, text))?.result, text)
      assert.equal((await store.list({ owner: text, limit: 10 })).length, 1)
      assert.equal(await store.find(text, owner), undefined)
    },
  })),
  {
    sentence: 'answers with copies',
    run: async ({ store }) => {
      const { id } = await add(store)

      Object.assign((await store.find(id, owner)) ?? {}, { state: 'done' })
      for (const one of await store.list({ owner, limit: 10 })) Object.assign(one, { tries: 9 })

      const { state, tries } = (await store.find(id, owner)) ?? {}
      assert.deepEqual({ state, tries }, { state: 'queued', tries: 0 })
    },
  },
  {
    sentence: 'keeps a task that has ended for as long as it says, and an open one for longer',
    run: async ({ under, pass }) => {
      const store = under({ retentionMilliseconds: 700 })
      const done = await finishOne(store)
      const { id: open } = await add(store)
      assert.equal(await stateOf(store, done), 'done')

      await pass(701)

      assert.equal(await store.find(done, owner), undefined)
      assert.deepEqual(await listedIds(store), [open])
    },
  },
]

const limitCases: readonly TaskCase[] = [
  {
    sentence: 'lets an owner have so many open tasks, and no more until one has ended',
    run: async ({ under }) => {
      const store = under({ maxOpenPerOwner: 2 })
      const [first = ''] = await addMany(store, 2)

      const refused = newTask()
      assert.equal(await store.add(refused), undefined)
      assert.equal(await store.find(refused.id, owner), undefined)
      assert.notEqual(await store.add(newTask({ owner: stranger })), undefined)
      await store.cancel(first, owner)
      assert.notEqual(await store.add(newTask()), undefined)
      assert.equal(await store.add(newTask()), undefined)
    },
  },
  {
    sentence: 'counts the tasks that run among the open ones',
    run: async ({ under }) => {
      const store = under({ maxOpenPerOwner: 1 })
      const claimed = await addAndClaim(store)

      assert.equal(await store.add(newTask()), undefined)
      await store.finish(claimed, '{}')
      assert.notEqual(await store.add(newTask()), undefined)
    },
  },
  {
    sentence: 'makes room for a task of an owner who has many by the one that ended first',
    run: async ({ under, pass }) => {
      const store = under({ maxOpenPerOwner: 2, maxPerOwner: 3 })
      const { id: open } = await add(store)
      const claimed = await claim(store)
      const first = await finishOne(store)
      await pass(2)
      const second = await finishOne(store)

      const { id: third } = await add(store)

      assert.equal(await store.find(first, owner), undefined)
      assert.deepEqual(await listedIds(store), [third, second, open])
      assert.equal(await store.finish(claimed, '{}'), true)
    },
  },
  {
    sentence: 'makes room, where there are too many altogether, by the one that ended first',
    run: async ({ under, pass }) => {
      const store = under({ maxTasks: 3 })
      const { id: open } = await add(store)
      const claimed = await claim(store)
      const first = await finishOne(store)
      assert.equal(await stateOf(store, first), 'done')
      await pass(2)
      const second = await finishOne(store)

      const other = newTask({ owner: stranger })
      await assert.doesNotReject(store.add(other))

      assert.equal(await store.find(first, owner), undefined)
      assert.deepEqual(await listedIds(store), [second, open])
      assert.deepEqual(await listedIds(store, { owner: stranger }), [other.id])
      assert.equal(await store.finish(claimed, '{}'), true)
    },
  },
  {
    sentence: 'refuses with 503 when too many are open altogether, until one has ended',
    run: async ({ under }) => {
      const store = under({ maxTasks: 2 })
      const { id: first } = await add(store)
      const { id: other } = await add(store, { owner: stranger })

      const refused = newTask()
      await assert.rejects(store.add(refused), { code: 'temporarily_unavailable' })
      assert.equal(await store.find(refused.id, owner), undefined)
      assert.equal(await stateOf(store, first), 'queued')
      await store.cancel(other, stranger)
      assert.notEqual(await store.add(newTask()), undefined)
      await assert.rejects(store.add(newTask()), { code: 'temporarily_unavailable' })
    },
  },
]

const listCases: readonly TaskCase[] = [
  {
    sentence: 'lists the newest first, a page at a time',
    run: async ({ store }) => {
      const [first = '', second = '', third = ''] = await addMany(store, 3)

      const pages = [
        await listedIds(store, { limit: 2 }),
        await listedIds(store, { limit: 2, before: second }),
        await listedIds(store, { limit: 2, before: first }),
      ]

      assert.deepEqual(pages, [[third, second], [first], []])
    },
  },
  {
    sentence: 'neither skips nor repeats a task while others are added',
    run: async ({ store }) => {
      const ids = await addMany(store, 4)

      const first = await listedIds(store, { limit: 2 })
      await addMany(store, 2)
      const second = await listedIds(store, { limit: 10, before: first.at(-1) })

      assert.deepEqual([...first, ...second], ids.toReversed())
    },
  },
  {
    sentence: 'lists those of one state alone, a page full of them',
    run: async ({ store }) => {
      const done = [await finishOne(store), await finishOne(store)]
      const queued = await addMany(store, 3)

      assert.deepEqual(await listedIds(store, { state: 'done', limit: 2 }), done.toReversed())
      assert.deepEqual(await listedIds(store, { state: 'queued' }), queued.toReversed())
      assert.deepEqual(await listedIds(store, { state: 'failed' }), [])
    },
  },
]

export const taskCases = [...lifeCases, ...limitCases, ...listCases, ...claimCases, ...raceCases]

export function taskContract(name: string, open: (t: TestContext) => Promise<OpenedTasks>): void {
  describeCases(name, taskCases, open)
}
