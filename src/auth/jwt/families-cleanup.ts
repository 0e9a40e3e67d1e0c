/** The periodic job for stores that do not sweep refresh families by themselves, a slice at a time. */
import type { Clock } from '../../clock.ts'
import { describeError, type Log } from '../../log.ts'
import type { FamilySweeper } from './refresh-families.ts'

const sliceSize = 500

export interface FamiliesCleanupOptions {
  readonly sweeper: FamilySweeper
  readonly clock: Clock
  readonly log: Log
  readonly intervalSeconds: number
}

/** An error is logged, and the next interval tries again. The answer stops it. */
export function startFamiliesCleanup(options: FamiliesCleanupOptions): () => void {
  const { sweeper, clock, log, intervalSeconds } = options
  let isRunning = false
  let isStopped = false

  async function run(): Promise<void> {
    if (isRunning) return
    isRunning = true
    try {
      for (let isDone = false; !isDone && !isStopped; ) {
        isDone = (await sweeper.evictExpired(sliceSize)).isDone
        await new Promise(setImmediate)
      }
    } catch (error) {
      log.error('the cleanup of refresh families failed', { error: describeError(error) })
    } finally {
      isRunning = false
    }
  }

  const stop = clock.every(intervalSeconds * 1000, () => void run())
  return () => {
    isStopped = true
    stop()
  }
}
