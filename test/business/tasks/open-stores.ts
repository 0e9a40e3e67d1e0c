import { memoryTasks } from '../../../src/business/tasks/memory.ts'
import { redisTasks } from '../../../src/business/tasks/redis.ts'
import { type TaskStore, taskLimits } from '../../../src/business/tasks/task-store.ts'
import type { ScriptRunner } from '../../../src/storage/redis/runner.ts'
import { manualClock } from '../../kit/clock.ts'
import { passRealTime } from '../../storage/token-store-kit.ts'
import type { OpenedTasks } from './task-kit.ts'

/** One store, under changing limits. `spoil` makes it wrong. */
export function openMemoryTasks(
  spoil: (right: TaskStore) => Partial<TaskStore> = () => ({}),
): OpenedTasks {
  const clock = manualClock()
  const limits = { ...taskLimits }
  const right = memoryTasks({ now: clock.now, limits })
  const store = { ...right, ...spoil(right) }
  return {
    store,
    under: (others) => {
      return changing(store, () => Object.assign(limits, taskLimits, others))
    },
    pass: async (milliseconds) => clock.advance(milliseconds),
  }
}

/** Calls `before` before each call. */
function changing(store: TaskStore, before: () => void): TaskStore {
  return new Proxy(store, {
    get: (target, name: keyof TaskStore) => {
      before()
      return target[name]
    },
  })
}

export function openRedisTasks(runner: ScriptRunner): OpenedTasks {
  return {
    store: redisTasks({ runner, limits: taskLimits }),
    under: (others) => redisTasks({ runner, limits: { ...taskLimits, ...others } }),
    pass: passRealTime,
  }
}
