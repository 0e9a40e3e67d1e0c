import type { Clock } from './clock.ts'
import { describeError, type Log } from './log.ts'

/** Starts what is done now and then. The answer ends it. */
export type Job = () => () => unknown

export interface PeriodicJob {
  readonly clock: Pick<Clock, 'every'>
  readonly log: Log
  readonly intervalMilliseconds: number
  /** What the log says where it fails. */
  readonly complaint: string
  /** Where it takes long, it asks now and then whether it is to stop. */
  readonly work: (isStopped: () => boolean) => Promise<unknown>
}

/**
 * Begins at once to wait for its first interval. While it is at work the next interval passes; an error is logged, and the
 * next interval tries again. The answer stops it.
 */
export function startPeriodicJob(job: PeriodicJob): () => void {
  const { clock, log, intervalMilliseconds, complaint, work } = job
  let isRunning = false
  let isStopped = false

  async function run(): Promise<void> {
    if (isRunning) return
    isRunning = true
    try {
      await work(() => isStopped)
    } catch (error) {
      log.error(complaint, { error: describeError(error) })
    } finally {
      isRunning = false
    }
  }

  const stop = clock.every(intervalMilliseconds, () => void run())
  return () => {
    isStopped = true
    stop()
  }
}
