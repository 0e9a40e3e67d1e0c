/** The periodic job that evicts the dead, a slice at a time, so that no request waits for it. */
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { startPeriodicJob } from '../periodic-job.ts'
import type { TokenSweeper } from '../storage/ports.ts'

/** About half a millisecond of work in memory. */
const sliceSize = 500

export interface CleanupDependencies {
  readonly sweeper: TokenSweeper
  readonly clock: Clock
  readonly log: Log
  readonly intervalSeconds: number
}

/** Begins at once to wait for its first interval. The answer stops it. */
export function startCleanup({
  sweeper,
  clock,
  log,
  intervalSeconds,
}: CleanupDependencies): () => void {
  return startPeriodicJob({
    clock,
    log,
    intervalMilliseconds: intervalSeconds * 1000,
    complaint: 'the cleanup failed and will be tried again',
    async work(isStopped) {
      let evicted = 0
      for (let isDone = false; !isDone && !isStopped(); ) {
        const slice = await sweeper.evictExpired(sliceSize)
        evicted += slice.evicted
        isDone = slice.isDone
        await new Promise(setImmediate)
      }
      const level = evicted > 0 ? 'info' : 'debug'
      if (!isStopped()) log[level]('cleaned up', { evicted, living: await sweeper.count() })
    },
  })
}
