/** The periodic job that takes users off the index whose sessions have long been dead. */
import type { Clock } from '../../clock.ts'
import { describeError, type Log } from '../../log.ts'
import type { SessionIndexSweeper } from './session-index.ts'

/** Together more than one auth can hash passwords in that time. */
const intervalMilliseconds = 10_000
const batchSize = 1_000

export interface SweepDependencies {
  readonly sweeper: SessionIndexSweeper
  readonly clock: Clock
  readonly log: Log
}

/** An error is logged, and the next interval tries again. The answer stops it. */
export function startSweep({ sweeper, clock, log }: SweepDependencies): () => void {
  async function sweep(): Promise<void> {
    try {
      await sweeper.evictExpired(batchSize)
    } catch (error) {
      log.error('the session index was not swept', { error: describeError(error) })
    }
  }
  return clock.every(intervalMilliseconds, () => void sweep())
}
