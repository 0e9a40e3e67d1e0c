/** Tasks in the memory of one process. Nothing waits within a method, hence each is one step. */
import { unavailable } from '../../http/refusal.ts'
import {
  type Claim,
  failureOf,
  type NewTask,
  type Task,
  type TaskLimits,
  type TaskState,
  type TaskStore,
} from './task-store.ts'

export interface MemoryTasksOptions {
  readonly now: () => number
  readonly limits: TaskLimits
}

interface Filed {
  readonly task: NewTask
  readonly createdAt: number
  state: TaskState
  progress: number
  result: string | undefined
  error: string | undefined
  updatedAt: number
  tries: number
  fence: number
  /** When it may be claimed, as long as it is open; when it dies, after that. */
  at: number
}

export function memoryTasks({ now, limits }: MemoryTasksOptions): TaskStore {
  const open = new Map<string, Filed>()
  /** In the order in which they ended. */
  const ended = new Map<string, Filed>()
  const idsByOwner = new Map<string, Set<string>>()

  function remove({ task: { id, owner } }: Filed): void {
    ended.delete(id)
    const ids = idsByOwner.get(owner)
    ids?.delete(id)
    if (ids?.size === 0) idsByOwner.delete(owner)
  }

  /** Now, when all is gone that is dead by then. */
  function sweep(): number {
    const at = now()
    for (const one of ended.values()) {
      if (at < one.at) break
      remove(one)
    }
    return at
  }

  function own(id: string, owner: string): Filed | undefined {
    const found = open.get(id) ?? ended.get(id)
    return found?.task.owner === owner ? found : undefined
  }

  function endAs(state: TaskState, one: Filed, at: number): void {
    one.state = state
    one.updatedAt = at
    one.at = at + limits.retentionMilliseconds
    if (state === 'failed') one.error = failureOf(limits)
    open.delete(one.task.id)
    ended.set(one.task.id, one)
  }

  function queue(one: Filed, at: number, dueAt: number): void {
    Object.assign(one, { state: 'queued', progress: 0, updatedAt: at, at: dueAt })
  }

  /** Does something to a task that is the claimant's. Otherwise answers whether it has been done before. */
  function settle(
    { id, fence }: Claim,
    settled: readonly TaskState[],
    act: (one: Filed, at: number) => void,
  ): boolean {
    const at = sweep()
    const one = open.get(id) ?? ended.get(id)
    if (one?.fence !== fence) return false
    if (one.state !== 'running') return settled.includes(one.state)
    act(one, at)
    return true
  }

  return {
    async add(task) {
      const at = sweep()
      const known = own(task.id, task.owner)
      if (known !== undefined) return view(known)
      const ids = idsByOwner.get(task.owner) ?? new Set()
      const ofOwner = [...ids]
      if (ofOwner.filter((id) => open.has(id)).length >= limits.maxOpenPerOwner) return undefined
      if (ids.size >= limits.maxPerOwner) {
        const [first] = ofOwner
          .map((id) => ended.get(id))
          .filter((one) => one !== undefined)
          .sort(byTime)
        if (first !== undefined) remove(first)
      }
      if (open.size + ended.size >= limits.maxTasks) {
        const [first] = ended.values()
        if (first === undefined) throw unavailable('There is no room for more tasks.')
        remove(first)
      }
      const filed: Filed = {
        task: { ...task },
        ...{ state: 'queued', progress: 0, tries: 0, fence: 0 },
        ...{ result: undefined, error: undefined },
        ...{ createdAt: at, updatedAt: at, at },
      }
      open.set(task.id, filed)
      idsByOwner.set(task.owner, ids.add(task.id))
      return view(filed)
    },
    async claim() {
      const at = sweep()
      const due = [...open.values()].filter((one) => one.at <= at).sort(byTime)
      for (const one of due) {
        if (one.tries >= limits.maxTries) {
          endAs('failed', one, at)
          continue
        }
        const { kind, input, id } = one.task
        const [tries, fence] = [one.tries + 1, one.fence + 1]
        Object.assign(one, { tries, fence, progress: 0, state: 'running', updatedAt: at })
        one.at = at + limits.leaseMilliseconds
        return { id, kind, input, tries, fence }
      }
      return undefined
    },
    async progress(claim, percent) {
      return settle(claim, [], (one, at) => {
        Object.assign(one, { progress: percent, updatedAt: at, at: at + limits.leaseMilliseconds })
      })
    },
    async finish(claim, result) {
      return settle(claim, ['done'], (one, at) => {
        Object.assign(one, { result, progress: 100 })
        endAs('done', one, at)
      })
    },
    async fail(claim, retryInMilliseconds) {
      return settle(claim, ['queued', 'failed'], (one, at) => {
        if (one.tries >= limits.maxTries) endAs('failed', one, at)
        else queue(one, at, at + retryInMilliseconds)
      })
    },
    async release(claim) {
      return settle(claim, ['queued'], (one, at) => {
        one.tries--
        queue(one, at, at)
      })
    },
    async cancel(id, owner) {
      const at = sweep()
      const found = own(id, owner)
      if (found !== undefined && open.has(id)) endAs('cancelled', found, at)
      return found && (found.state === 'cancelled' ? 'cancelled' : 'ended')
    },
    async find(id, owner) {
      sweep()
      const found = own(id, owner)
      return found && view(found)
    },
    async list({ owner, before, state, limit }) {
      sweep()
      const ids = [...(idsByOwner.get(owner) ?? [])].sort().reverse()
      const older = before === undefined ? ids : ids.filter((id) => id < before)
      const tasks = older.map((id) => own(id, owner)).filter((one) => one !== undefined)
      const wanted = state === undefined ? tasks : tasks.filter((one) => one.state === state)
      return wanted.slice(0, limit).map(view)
    },
  }
}

function byTime(one: Filed, other: Filed): number {
  return one.at - other.at
}

function view({ task, at: _at, fence: _fence, ...shown }: Filed): Task {
  return { ...task, ...shown }
}
