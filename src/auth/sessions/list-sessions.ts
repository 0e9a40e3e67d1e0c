/** `GET /sessions`: where the caller is logged in, most recently used first. */
import { endpoint } from '../../http/endpoint.ts'
import { boolean, count, listOf, object, text } from '../../http/shape.ts'
import { checkSession } from '../check-session.ts'
import { remainingSeconds } from '../lifetimes.ts'
import {
  lastUsedAt,
  livingInOrderOfUse,
  type PeekDependencies,
  peekSessions,
} from './peek-sessions.ts'
import type { SessionIndex } from './session-index.ts'

const sessionAnswer = object({
  id: text(),
  issued_at: count(),
  source: text(),
  last_used_at: count(),
  refresh_count: count(),
  expires_in: count(),
  is_current: boolean(),
})

/** More than one user can have, also while many of his logins are under way. */
const maxListed = 10_000
const listAnswer = object({ sessions: listOf(sessionAnswer, { maxItems: maxListed }) })

export interface ListSessionsDependencies extends PeekDependencies {
  readonly index: SessionIndex
}

export function listSessions({ index, tokens, purpose }: ListSessionsDependencies) {
  return endpoint({ answers: { 200: listAnswer } }).handle(async (call) => {
    const caller = await checkSession({ tokens, purpose }, call)
    const listed = await index.list(caller.sub)
    const peeked = await peekSessions({ tokens, purpose }, caller.sub, listed)
    const sessions = livingInOrderOfUse(peeked).map(({ indexed: { id, source }, living }) => ({
      id,
      issued_at: unixSeconds(living.issuedAt),
      source,
      last_used_at: unixSeconds(lastUsedAt(living, purpose)),
      refresh_count: living.refreshCount,
      expires_in: remainingSeconds(living),
      is_current: id === caller.id,
    }))
    return { status: 200, body: { sessions } }
  })
}

function unixSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}
