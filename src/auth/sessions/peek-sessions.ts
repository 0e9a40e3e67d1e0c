/** What the token store knows of sessions that stand in the index. To look is not to use: none of them lives on for it. */
import {
  type LivingToken,
  type ReinflatingPurpose,
  subjectTagOf,
  type TokenStore,
} from '../../storage/ports.ts'
import type { IndexedSession } from './session-index.ts'

export interface PeekedSession {
  readonly indexed: IndexedSession
  /** `undefined` where it is dead. */
  readonly living: LivingToken | undefined
}

export interface LivingSession extends PeekedSession {
  readonly living: LivingToken
}

export interface PeekDependencies {
  readonly tokens: TokenStore
  readonly purpose: ReinflatingPurpose
}

/** So that one caller does not have all the connections of a store. */
const peekedTogether = 4

/** In the same order. */
export async function peekSessions(
  { tokens, purpose }: PeekDependencies,
  sub: string,
  sessions: readonly IndexedSession[],
): Promise<readonly PeekedSession[]> {
  const subjectTag = subjectTagOf(sub)
  const peek = async (indexed: IndexedSession): Promise<PeekedSession> => {
    const living = await tokens.peek({ subjectTag, hash: indexed.hash }, purpose)
    return { indexed, living }
  }
  const peeked: PeekedSession[] = []
  for (let first = 0; first < sessions.length; first += peekedTogether) {
    const some = sessions.slice(first, first + peekedTogether)
    peeked.push(...(await Promise.all(some.map(peek))))
  }
  return peeked
}

/**
 * The living, most recently used first. All live equally long after their last use, so who dies last was used last; near
 * the cap, where a use adds less, who dies first has the least to lose. All who look see the same order.
 */
export function livingInOrderOfUse(peeked: readonly PeekedSession[]): readonly LivingSession[] {
  const isLiving = (one: PeekedSession): one is LivingSession => one.living !== undefined
  return peeked.filter(isLiving).sort(({ living: one }, { living: other }) => {
    const later = other.expiresAt - one.expiresAt || other.issuedAt - one.issuedAt
    return later !== 0 ? later : one.id < other.id ? -1 : 1
  })
}

/**
 * Epoch milliseconds. In its last seconds before the cap nobody knows exactly when a session was used: then the earliest
 * that it can have been.
 */
export function lastUsedAt(
  { issuedAt, expiresAt, judgedAt }: LivingToken,
  { ttlSeconds }: ReinflatingPurpose,
): number {
  return Math.min(judgedAt, Math.max(issuedAt, expiresAt - ttlSeconds * 1000))
}
