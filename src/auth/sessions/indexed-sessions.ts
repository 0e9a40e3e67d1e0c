/** The sessions of `/login`, as their users see them. */
import { type ReinflatingPurpose, subjectTagOf, type TokenStore } from '../../storage/ports.ts'
import type { SessionKind } from '../session-kinds.ts'
import { lastUsedAt, livingInOrderOfUse, peekSessions } from './peek-sessions.ts'
import type { SessionIndex } from './session-index.ts'

export interface IndexedSessionsDependencies {
  readonly index: SessionIndex
  readonly tokens: TokenStore
  readonly purpose: ReinflatingPurpose
}

export function indexedSessions({
  index,
  tokens,
  purpose,
}: IndexedSessionsDependencies): SessionKind {
  return {
    purpose: purpose.name,

    async list(sub) {
      const peeked = await peekSessions({ tokens, purpose }, sub, await index.list(sub))
      return livingInOrderOfUse(peeked).map(({ indexed: { id, source }, living }) => {
        const { issuedAt, refreshCount, expiresAt, judgedAt } = living
        const times = { issuedAt, lastUsedAt: lastUsedAt(living, purpose), expiresAt, judgedAt }
        return { id, source, refreshCount, ...times }
      })
    },

    async end(sub, id) {
      const listed = await index.list(sub)
      const session = listed.find((one) => one.id === id)
      if (session === undefined) return false
      const ended = await tokens.revoke(
        { subjectTag: subjectTagOf(sub), hash: session.hash },
        purpose,
      )
      await index.remove(sub, [session.id])
      return ended !== undefined
    },
  }
}
