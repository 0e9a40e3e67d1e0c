import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { startPeriodicJob } from '../../periodic-job.ts'
import type { ClaimStore } from './account-store.ts'

const intervalMilliseconds = 60_000
const sliceSize = 1_000

export interface ClaimSweepDependencies {
  readonly claims: Pick<ClaimStore, 'sweep'>
  readonly clock: Clock
  readonly log: Log
}

/** Removes what nobody has shown to be theirs in time, slice after slice. The answer stops it. */
export function startClaimSweep({ claims, clock, log }: ClaimSweepDependencies): () => void {
  const work = async (isStopped: () => boolean) => {
    while (!isStopped() && (await claims.sweep(sliceSize)) === sliceSize);
  }
  const complaint = 'dead claims were not removed'
  return startPeriodicJob({ clock, log, intervalMilliseconds, complaint, work })
}
