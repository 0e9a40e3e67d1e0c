/** What the cases of the session index's contract share. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { IndexedSession, SessionIndex } from '../../../src/auth/sessions/session-index.ts'
import type { TokenHash, TokenId } from '../../../src/storage/ports.ts'
import type { Case } from '../../storage/contract.ts'

export interface OpenedIndex {
  readonly index: SessionIndex
}

export type IndexCase = Case<OpenedIndex>

/** Longer than any test takes. */
export const lifeSeconds = 3_600

/** A session with a fresh id and a fresh hash, unless told otherwise. */
export function newSession(fields: Partial<IndexedSession> = {}): IndexedSession {
  return {
    id: randomBytes(16).toString('base64url') as TokenId,
    hash: randomBytes(32).toString('base64url') as TokenHash,
    source: '192.0.2.1',
    ...fields,
  }
}

export function newSub(): string {
  return randomUUID()
}

/** What is listed, in an order of its own, because an index has none. */
export async function listed(index: SessionIndex, sub: string): Promise<IndexedSession[]> {
  return byId(await index.list(sub))
}

export function byId(sessions: readonly IndexedSession[]): IndexedSession[] {
  return [...sessions].sort((one, other) => (one.id < other.id ? -1 : 1))
}
