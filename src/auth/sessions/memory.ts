/** The index in the memory of one process. Each method is one step of a single-threaded process, hence atomic. */
import type { TokenId } from '../../storage/ports.ts'
import type {
  IndexedSession,
  SessionIndex,
  SessionIndexOptions,
  SessionIndexSweeper,
} from './session-index.ts'

export interface MemorySessionIndexOptions extends SessionIndexOptions {
  /** Epoch milliseconds. */
  readonly now: () => number
}

interface Listed {
  readonly sessions: Map<TokenId, IndexedSession>
  expiresAt: number
}

export function memorySessionIndex({
  lifeSeconds,
  now,
}: MemorySessionIndexOptions): SessionIndex & SessionIndexSweeper {
  /** Whoever logged in last stands last, so they are in order of expiry. */
  const users = new Map<string, Listed>()

  return {
    async add(sub, session) {
      const { sessions } = users.get(sub) ?? { sessions: new Map() }
      users.delete(sub)
      users.set(sub, { sessions, expiresAt: now() + lifeSeconds * 1000 })
      sessions.set(session.id, { ...session })
    },

    async list(sub) {
      const sessions = users.get(sub)?.sessions.values() ?? []
      return [...sessions].map((session) => ({ ...session }))
    },

    async remove(sub, ids) {
      const sessions = users.get(sub)?.sessions
      for (const id of ids) sessions?.delete(id)
      if (sessions?.size === 0) users.delete(sub)
    },

    async evictExpired(limit) {
      const at = now()
      let evicted = 0
      for (const [sub, { expiresAt }] of users) {
        if (at < expiresAt || evicted === limit) break
        users.delete(sub)
        evicted++
      }
    },
  }
}
