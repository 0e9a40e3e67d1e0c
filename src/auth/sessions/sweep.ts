/** The periodic job that takes users off the index whose sessions have long been dead. */
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { startPeriodicJob } from '../../periodic-job.ts'
import type { SessionIndexSweeper } from './session-index.ts'

/** Together more than one auth can hash passwords in that time. */
const intervalMilliseconds = 10_000
const batchSize = 1_000

export interface SweepDependencies {
  readonly sweeper: SessionIndexSweeper
  readonly clock: Clock
  readonly log: Log
}

/** The answer stops it. */
export function startSweep({ sweeper, clock, log }: SweepDependencies): () => void {
  const work = () => sweeper.evictExpired(batchSize)
  const complaint = 'the session index was not swept'
  return startPeriodicJob({ clock, log, intervalMilliseconds, complaint, work })
}
