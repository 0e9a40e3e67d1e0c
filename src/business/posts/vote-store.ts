/** Votes: a port. At most one of a user counts for a post, and of several the last one. */

import type { LikesOfDay } from '../capability.ts'
import type { EventId } from '../event-port.ts'

export const votes = ['like', 'dislike', 'none'] as const
/** `none` takes back what was there. */
export type Vote = (typeof votes)[number]

export interface CastVote {
  readonly id: EventId
  readonly post: string
  readonly user: string
  readonly vote: Vote
}

/** Faults are refusals of code `temporarily_unavailable`. */
export interface VoteStore {
  /**
   * Files all, in one step, or none where it rejects. Of the votes of a user for a post that with the greatest id counts,
   * whatever came before or is filed twice; the counts of the posts move by exactly what has changed. Votes for posts that
   * are not there are ignored.
   */
  fold(votes: readonly CastVote[]): Promise<void>
  /** How many votes that still are likes were cast on each day, from the first to the last. In order. */
  likesPerDay(range: { readonly from: string; readonly to: string }): Promise<readonly LikesOfDay[]>
}
