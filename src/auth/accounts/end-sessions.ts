/**
 * Ends the sessions of a subject after a change that was made elsewhere. The change has left what is to be ended in its
 * own store; it stays there until the token store has it for good, whatever crashes meanwhile. To end it twice is nothing.
 *
 * A token store that crashes may forget what it has just ended, and what has begun since. It is told again, and ends the
 * sessions of before, and those too that began between its return and that: rather one login too many than a session too
 * long. What has begun since it was told is left alone.
 */
import type { Clock } from '../../clock.ts'
import { unavailable } from '../../http/refusal.ts'
import { describeError, type Log } from '../../log.ts'
import { startPeriodicJob } from '../../periodic-job.ts'
import type { Purpose, TokenStore } from '../../storage/ports.ts'
import type { Revocation, RevocationStore } from './account-store.ts'

export interface EndSessionsDependencies {
  readonly revocations: RevocationStore
  readonly tokens: Pick<TokenStore, 'revokeSubject'>
  /** Of all that a user can have. */
  readonly purposes: () => readonly Purpose[]
  readonly log: Log
}

/** Refuses with a 503 that says that the change is made, where the sessions could not be ended yet. */
export type EndSessions = (revocation: Revocation) => Promise<void>

export function createEndSessions(dependencies: EndSessionsDependencies): EndSessions {
  const { revocations, tokens, purposes, log } = dependencies
  return async ({ changeId, sub }) => {
    let isLasting: boolean
    try {
      isLasting = (await tokens.revokeSubject(sub, purposes(), changeId)).isLasting
    } catch (cause) {
      const sentence = 'The change is made. All sessions end as soon as possible.'
      throw unavailable(sentence, { cause })
    }
    if (!isLasting) return
    try {
      await revocations.settle(changeId)
    } catch (error) {
      log.warn('ended sessions will be ended again', { sub, error: describeError(error) })
    }
  }
}

/** How many are ended at once. */
const sliceSize = 100
/** Also the first time: what there is to end is known once all capabilities are registered. */
const intervalMilliseconds = 2_000

export interface PendingRevocationsDependencies {
  readonly revocations: RevocationStore
  readonly endSessions: EndSessions
  readonly clock: Clock
  readonly log: Log
}

/** Ends what is not known to have ended for good. The answer stops it. */
export function startPendingRevocations({
  revocations,
  endSessions,
  clock,
  log,
}: PendingRevocationsDependencies): () => void {
  return startPeriodicJob({
    clock,
    log,
    intervalMilliseconds,
    complaint: 'sessions may wait to be ended',
    async work() {
      const ends = (await revocations.pending(sliceSize)).map(endSessions)
      const failed = (await Promise.allSettled(ends)).find(({ status }) => status === 'rejected')
      if (failed !== undefined) log.warn('sessions wait to be ended', { pending: ends.length })
    },
  })
}
