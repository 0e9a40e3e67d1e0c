/** Does one task that was claimed: tells how far it is, which keeps it claimed, and settles it, whatever becomes of it. */
import type { Clock } from '../../clock.ts'
import { describeError, type Log } from '../../log.ts'
import { startPeriodicJob } from '../../periodic-job.ts'
import { backOff } from './back-off.ts'
import type { TaskKind } from './task-kind.ts'
import type { ClaimedTask, TaskStore } from './task-store.ts'

export interface RunDependencies {
  readonly store: Pick<TaskStore, 'progress' | 'finish' | 'fail' | 'release'>
  readonly kinds: readonly TaskKind[]
  readonly clock: Clock
  readonly log: Log
  /** At least 0 and less than 1. */
  readonly random: () => number
}

export interface RunningTask {
  /** Resolves when it is settled. Never rejects. */
  readonly settled: Promise<void>
  /** Ends it, and gives it back. */
  stop(): void
}

/** Much less than a lease, and how soon one that was cancelled stops. */
const tellMilliseconds = 500
/** Then something is wrong with it. */
const longestMilliseconds = 300_000

export function runTask(
  task: ClaimedTask,
  { store, kinds, clock, log, random }: RunDependencies,
): RunningTask {
  const { id, kind: name, tries } = task
  const fields = { task: id, kind: name, tries }
  const ending = new AbortController()
  let percent = 0
  let isOurs = true
  let isGivenBack = false

  async function perform(): Promise<string> {
    const kind = kinds.find((one) => one.name === name)
    if (kind === undefined) throw new Error('no such kind of task is known here')
    const report = (done: number) => {
      percent = done
    }
    return JSON.stringify(await kind.perform(task.input, { id, signal: ending.signal, report }))
  }

  function tellLeft(): void {
    log.info('a task was left: it is not ours any more', fields)
  }

  async function settle(): Promise<void> {
    let result: string
    try {
      result = await perform()
    } catch (error) {
      if (!isOurs) tellLeft()
      else if (isGivenBack) await store.release(task)
      else {
        log.warn('a task failed', { ...fields, error: describeError(error) })
        await store.fail(task, backOff(tries, random()))
      }
      return
    }
    if (!(await store.finish(task, result))) tellLeft()
  }

  const stopTelling = startPeriodicJob({
    clock,
    log,
    intervalMilliseconds: tellMilliseconds,
    complaint: 'nobody could be told how far a task is',
    async work() {
      if (await store.progress(task, percent)) return
      isOurs = false
      ending.abort()
    },
  })
  const forgetLongest = clock.after(longestMilliseconds, () => ending.abort())
  const settled = settle()
    .catch((error: unknown) => {
      const consequence = 'a task was not settled: somebody does it again when its lease has ended'
      log.error(consequence, { ...fields, error: describeError(error) })
    })
    .finally(() => {
      stopTelling()
      forgetLongest()
    })

  return {
    settled,
    stop() {
      isGivenBack = true
      ending.abort()
    },
  }
}
