/** Tasks in Redis, for as many processes as add and do them. */
import { unavailable } from '../../http/refusal.ts'
import type { ScriptRunner } from '../../storage/redis/runner.ts'
import type { Script } from '../../storage/redis/scripts.ts'
import * as scripts from './redis-scripts.ts'
import {
  type Claim,
  type ClaimedTask,
  failureOf,
  type Task,
  type TaskLimits,
  type TaskStore,
} from './task-store.ts'

export interface RedisTasksOptions {
  readonly runner: ScriptRunner
  readonly limits: TaskLimits
}

const kept = 'sallyport:business:{events}:tasks'
const keys = [kept, `${kept}:due`]

export function redisTasks({ runner, limits }: RedisTasksOptions): TaskStore {
  const { maxTasks, maxOpenPerOwner, maxPerOwner, maxTries } = limits
  const { leaseMilliseconds: lease, retentionMilliseconds: retention } = limits
  const failure = failureOf(limits)

  async function run(script: Script, args: readonly (string | number)[], isRepeatable = true) {
    return await runner.run({ script, keys, args: args.map(String), isRepeatable })
  }

  async function settle(script: Script, { id, fence }: Claim, args: readonly (string | number)[]) {
    return (await run(script, [id, fence, ...args])) === 1
  }

  return {
    async add({ id, owner, kind, input }) {
      const task = JSON.stringify({ id, owner, kind, input })
      const answer = await run(scripts.add, [task, maxOpenPerOwner, maxPerOwner, maxTasks])
      if (answer === 'full') throw unavailable('There is no room for more tasks.')
      return answer === 'too many' ? undefined : readTask(answer)
    },
    async claim() {
      const args = [maxTries, lease, retention, failure]
      // Once: of a claim whose answer was lost, the lease ends by itself.
      const answer = await run(scripts.claim, args, false)
      return answer === null ? undefined : readClaimed(answer)
    },
    progress: (claim, percent) => settle(scripts.progress, claim, [percent, lease]),
    finish: (claim, result) => settle(scripts.finish, claim, [result, retention]),
    fail: (claim, retryInMilliseconds) =>
      settle(scripts.fail, claim, [retryInMilliseconds, maxTries, retention, failure]),
    release: (claim) => settle(scripts.release, claim, []),
    async cancel(id, owner) {
      const answer = await run(scripts.cancel, [id, owner, retention])
      if (answer === null) return undefined
      return answer === 'cancelled' ? 'cancelled' : 'ended'
    },
    async find(id, owner) {
      const answer = await run(scripts.find, [id])
      const task = answer === null ? undefined : readTask(answer)
      return task?.owner === owner ? task : undefined
    },
    async list({ owner, before = '', state = '', limit }) {
      const answer = await run(scripts.list, [owner, limit, before, state])
      return (answer as unknown[]).map(readTask) // as the script answers
    },
  }
}

function readTask(answer: unknown): Task {
  const { fence: _, result, error, ...task } = JSON.parse(String(answer)) as Task & Claim // as the scripts write it
  return { ...task, result, error }
}

function readClaimed(answer: unknown): ClaimedTask {
  const { id, kind, input, tries, fence } = JSON.parse(String(answer)) as ClaimedTask // likewise
  return { id, kind, input, tries, fence }
}
