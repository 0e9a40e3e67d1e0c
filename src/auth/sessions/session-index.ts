/**
 * Which sessions a user may still have, so that they can be listed, counted and ended by their public ids.
 *
 * It decides nothing: whether a session lives, and when it was last used, is known to the token store alone. What it must
 * hold to is that a session stays listed until somebody takes it off, and that nobody does before the session is dead.
 *
 * Faults: a method rejects with a `Refusal` of code `temporarily_unavailable`.
 */
import type { TokenHash, TokenId } from '../../storage/ports.ts'

export interface IndexedSession {
  readonly id: TokenId
  /** Where the token store has it. */
  readonly hash: TokenHash
  /** Where the login came from: an IP address, or `unknown`. */
  readonly source: string
}

export interface SessionIndex {
  /** Files a copy, for the longest life of a session at least. Whoever lists after it resolves finds it. Twice is once. */
  add(sub: string, session: IndexedSession): Promise<void>
  /** All of that user, in no order. */
  list(sub: string): Promise<readonly IndexedSession[]>
  /** Takes these off and no others, in one step. Does nothing about what is not there. */
  remove(sub: string, ids: readonly TokenId[]): Promise<void>
}

/** For an index that does not sweep by itself. */
export interface SessionIndexSweeper {
  /** Removes some of what is older than any session can be, at most `limit`. */
  evictExpired(limit: number): Promise<void>
}

export interface SessionIndexOptions {
  /** The longest life of a session. */
  readonly lifeSeconds: number
}
