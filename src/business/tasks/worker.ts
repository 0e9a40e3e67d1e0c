/** Claims tasks and does them, a few at once. It looks for them now and then, and at once when it is told of one. */
import { describeError } from '../../log.ts'
import { type RunDependencies, type RunningTask, runTask } from './run-task.ts'
import type { TaskStore } from './task-store.ts'

export interface WorkerDependencies extends RunDependencies {
  readonly store: TaskStore
  /** How many it does at once. */
  readonly maxRunning: number
}

export interface TaskWorker {
  /** Looks at once. Never throws, and nobody waits for it. */
  look(): void
  /** Claims no more, gives back what it has, and resolves when that is done. */
  stop(): Promise<void>
}

const lookMilliseconds = 200

export function startTaskWorker(dependencies: WorkerDependencies): TaskWorker {
  const { store, clock, log, maxRunning } = dependencies
  const running = new Set<RunningTask>()
  let looking: Promise<void> | undefined
  let isToldMeanwhile = false
  let isStopped = false
  let isTroubled = false

  async function claimAll(): Promise<void> {
    while (!isStopped && running.size < maxRunning) {
      const task = await store.claim()
      isTroubled = false
      if (task === undefined) return
      begin(runTask(task, dependencies))
    }
  }

  function begin(one: RunningTask): void {
    running.add(one)
    if (isStopped) one.stop()
    void one.settled.then(() => {
      running.delete(one)
      look()
    })
  }

  /** Where the store is away that is said once. */
  function tell(error: unknown): void {
    if (!isTroubled) log.error('tasks cannot be claimed', { error: describeError(error) })
    isTroubled = true
  }

  /** What was added while it looks, it may have passed over: then it looks again. */
  function look(): void {
    isToldMeanwhile = looking !== undefined
    looking ??= claimAll()
      .catch(tell)
      .finally(() => {
        looking = undefined
        if (isToldMeanwhile) look()
      })
  }

  const stopLooking = clock.every(lookMilliseconds, look)
  look()

  return {
    look,
    async stop() {
      isStopped = true
      stopLooking()
      await looking
      for (const one of running) one.stop()
      await Promise.all([...running].map(({ settled }) => settled))
    },
  }
}
