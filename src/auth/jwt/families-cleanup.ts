/** The periodic job for stores that do not sweep refresh families by themselves, a slice at a time. */
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { startPeriodicJob } from '../../periodic-job.ts'
import type { FamilySweeper } from './refresh-families.ts'

const sliceSize = 500

export interface FamiliesCleanupOptions {
  readonly sweeper: FamilySweeper
  readonly clock: Clock
  readonly log: Log
  readonly intervalSeconds: number
}

/** The answer stops it. */
export function startFamiliesCleanup(options: FamiliesCleanupOptions): () => void {
  const { sweeper, clock, log, intervalSeconds } = options
  return startPeriodicJob({
    clock,
    log,
    intervalMilliseconds: intervalSeconds * 1000,
    complaint: 'the cleanup of refresh families failed',
    async work(isStopped) {
      for (let isDone = false; !isDone && !isStopped(); ) {
        isDone = (await sweeper.evictExpired(sliceSize)).isDone
        await new Promise(setImmediate)
      }
    },
  })
}
