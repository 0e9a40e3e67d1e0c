import { describe } from 'node:test'
import type { Claim, Task, TaskStore } from '../../../src/business/tasks/task-store.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import { type Flaw, itNotices } from '../../storage/wrong-store.ts'
import { openMemoryTasks } from './open-stores.ts'
import { taskCases } from './task-contract.ts'
import { type OpenedTasks, owner } from './task-kit.ts'

function flaw(
  what: string,
  isCaughtBy: string,
  spoil: (right: TaskStore) => Partial<TaskStore>,
): Flaw<OpenedTasks> {
  return { what, isCaughtBy, open: async () => openMemoryTasks(spoil) }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** A store that remembers what each claim was given, and acts by the id alone: by the fence of the last claim. */
function withoutFence(right: TaskStore): Partial<TaskStore> {
  const last = new Map<string, Claim>()
  const lastOf = (claim: Claim) => last.get(claim.id) ?? claim
  return {
    async claim() {
      const claimed = await right.claim()
      if (claimed !== undefined) last.set(claimed.id, claimed)
      return claimed
    },
    progress: (claim, percent) => right.progress(lastOf(claim), percent),
    finish: (claim, result) => right.finish(lastOf(claim), result),
    fail: (claim, milliseconds) => right.fail(lastOf(claim), milliseconds),
    release: (claim) => right.release(lastOf(claim)),
  }
}

function forgettingNothing(right: TaskStore): Partial<TaskStore> {
  const kept = new Map<string, Task>()
  return {
    async find(id, asking) {
      const found = await right.find(id, asking)
      if (found !== undefined) kept.set(id, found)
      return found ?? kept.get(id)
    },
  }
}

const flaws = [
  flaw(
    'says that a task has begun when it is added',
    'files a task as it was added, queued and untried',
    (right) => ({
      add: async (task) => {
        const added = await right.add(task)
        return added && { ...added, tries: 1 }
      },
    }),
  ),
  flaw('keeps no result', 'shows a task that is done with its result', (right) => ({
    finish: (claim) => right.finish(claim, 'null'),
  })),
  flaw(
    'files the same task again',
    'takes the same task twice for one, also when it has ended',
    (right) => {
      let filed = 0
      return { add: (task) => right.add({ ...task, id: `${task.id.slice(0, -1)}${filed++}` }) }
    },
  ),
  flaw('shows a task to anybody', 'shows a task to its owner alone', (right) => ({
    find: (id) => right.find(id, owner),
  })),
  flaw('lets anybody cancel a task', 'shows a task to its owner alone', (right) => ({
    cancel: (id) => right.cancel(id, owner),
  })),
  flaw('lists the tasks of all', 'shows a task to its owner alone', (right) => ({
    list: (page) => right.list({ ...page, owner }),
  })),
  flaw('answers with its own records', 'answers with copies', (right) => {
    const own = new Map<string, Task | undefined>()
    return {
      async find(id, asking) {
        if (!own.has(id)) own.set(id, await right.find(id, asking))
        return own.get(id)
      },
    }
  }),
  flaw('cuts texts at a NUL', 'keeps owner, input and result with a NUL in them', (right) => ({
    finish: (claim, result) => right.finish(claim, result.split('\0', 1)[0] ?? ''),
  })),
  flaw(
    'keeps what has ended for ever',
    'keeps a task that has ended for as long as it says, and an open one for longer',
    forgettingNothing,
  ),
  flaw(
    'still shows the task that made room',
    'makes room, where there are too many altogether, by the one that ended first',
    forgettingNothing,
  ),
  flaw(
    'counts what has ended among what fills it',
    'makes room, where there are too many altogether, by the one that ended first',
    (right) => {
      let filed = 0
      return {
        async add(task) {
          if (filed++ >= 3) throw unavailable('There is no room for more tasks.')
          return await right.add(task)
        },
      }
    },
  ),
  flaw(
    'makes room by a task that is open',
    'refuses with 503 when too many are open altogether, until one has ended',
    (right) => ({
      async add(task) {
        try {
          return await right.add(task)
        } catch {
          const oldest = (await right.list({ owner, limit: 100 })).at(-1)
          if (oldest !== undefined) await right.cancel(oldest.id, owner)
          return await right.add(task)
        }
      },
    }),
  ),
  flaw(
    'counts and then files, with a pause between the two',
    'lets an owner who adds sixteen at once have no more than he may',
    (right) => {
      let strangers = 0
      return {
        async add(task) {
          const open = (await right.list({ owner, limit: 100 })).length
          await nextTurn()
          // As a store that judges by what it has read: whoever files it does not count again.
          return open < 3
            ? await right.add({ ...task, owner: `${owner}${strangers++}` })
            : undefined
        },
        list: async ({ limit }) => {
          const found: Task[] = []
          for (let other = 0; other < strangers; other++)
            found.push(...(await right.list({ owner: `${owner}${other}`, limit })))
          return found
        },
      }
    },
  ),
  flaw(
    'does not count the tasks that run',
    'counts the tasks that run among the open ones',
    (right) => {
      let isRunning = false
      return {
        async claim() {
          isRunning = true
          return await right.claim()
        },
        add: (task) => right.add(isRunning ? { ...task, owner: `${owner}+` } : task),
      }
    },
  ),
  flaw(
    'begins a page with the last of the one before',
    'lists the newest first, a page at a time',
    (right) => ({
      async list({ before, ...page }) {
        const found = await right.list({ ...page, limit: 100 })
        return found.filter(({ id }) => before === undefined || id <= before).slice(0, page.limit)
      },
    }),
  ),
  flaw(
    'cuts a page before it looks at the states',
    'lists those of one state alone, a page full of them',
    (right) => ({
      async list({ state, ...page }) {
        const found = await right.list(page)
        return found.filter((one) => state === undefined || one.state === state)
      },
    }),
  ),
  flaw('gives the newest task first', 'gives the task first that waits for longest', (right) => ({
    async claim() {
      const claims = []
      for (let one = await right.claim(); one !== undefined; one = await right.claim())
        claims.push(one)
      for (const one of claims.slice(0, -1)) await right.release(one)
      return claims.at(-1)
    },
  })),
  flaw(
    'does not say that a task runs',
    'gives a task with its input to who claims, and says that it runs',
    (right) => ({
      async find(id, asking) {
        const found = await right.find(id, asking)
        return found && { ...found, state: found.state === 'running' ? 'queued' : found.state }
      },
    }),
  ),
  flaw(
    'gives a task that runs to others',
    'gives a task to nobody else while its lease lasts',
    (right) => {
      let last: Awaited<ReturnType<TaskStore['claim']>>
      return {
        async claim() {
          last = (await right.claim()) ?? last
          return last
        },
      }
    },
  ),
  flaw(
    'gives the task of a dead worker to nobody',
    'gives a task to another, with a greater fence, when its lease has ended',
    (right) => {
      const given = new Set<string>()
      return {
        async claim() {
          const claimed = await right.claim()
          if (claimed === undefined || given.has(claimed.id)) return undefined
          given.add(claimed.id)
          return claimed
        },
      }
    },
  ),
  flaw(
    'knows a claimant by the task alone',
    'lets a claimant settle nothing whose task is taken over',
    withoutFence,
  ),
  flaw('does not extend a lease', 'shows progress, which extends the lease', () => ({
    progress: async () => true,
  })),
  flaw('takes a second result', 'takes the same result twice, and keeps the first', (right) => {
    const results = new Map<string, string>()
    return {
      async finish(claim, result) {
        results.set(claim.id, result)
        return await right.finish(claim, result)
      },
      async find(id, asking) {
        const found = await right.find(id, asking)
        return found && { ...found, result: results.get(id) ?? found.result }
      },
    }
  }),
  flaw(
    'gives a task that failed again at once',
    'gives a task that failed again, though not before it is due',
    (right) => ({ fail: (claim) => right.fail(claim, 0) }),
  ),
  flaw('tries for ever', 'gives up a task that failed five times, and says so', (right) => ({
    fail: (claim) => right.release(claim),
  })),
  flaw(
    'tells why a task failed',
    'gives up a task that failed five times, and says so',
    (right) => ({
      async find(id, asking) {
        const found = await right.find(id, asking)
        return found && { ...found, error: found.error && 'ECONNREFUSED 10.0.0.1:6379' }
      },
    }),
  ),
  flaw(
    'gives a task that kills whoever does it for ever',
    'gives up a task that nobody survived five times',
    (right) => {
      let last: Awaited<ReturnType<TaskStore['claim']>>
      return {
        async claim() {
          last = (await right.claim()) ?? last
          return last
        },
      }
    },
  ),
  flaw(
    'counts a try that was given back',
    'gives a task that was given back at once, and does not count the try',
    (right) => ({ release: (claim) => right.fail(claim, 0) }),
  ),
  flaw(
    'lets a task go on that was cancelled',
    'gives nobody a task that was cancelled, and tells who does it',
    (right) => ({
      progress: async (claim, percent) => {
        await right.progress(claim, percent)
        return true
      },
    }),
  ),
  flaw('cancels what is done', 'cancels twice like once, and nothing that is done', (right) => ({
    async cancel(id, asking) {
      const outcome = await right.cancel(id, asking)
      return outcome && 'cancelled'
    },
  })),
  flaw(
    'looks for a task, and then takes it',
    'gives a task to exactly one of sixteen who claim at once',
    (right) => {
      let found: ReturnType<TaskStore['claim']> | undefined
      return {
        async claim() {
          found ??= right.claim()
          const claimed = await found
          await nextTurn()
          found = undefined
          return claimed
        },
      }
    },
  ),
  flaw(
    'looks whether a task is cancelled, and then files the result',
    'is cancelled or done, and never both, where both come at once',
    (right) => ({
      async finish(claim, result) {
        await nextTurn()
        await right.finish(claim, result)
        return true
      },
    }),
  ),
]

describe('the contract of tasks', () => {
  for (const one of flaws) itNotices(one, taskCases)
})
