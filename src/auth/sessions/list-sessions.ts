/** `GET /sessions`: where the caller is logged in, most recently used first. */
import { endpoint } from '../../http/endpoint.ts'
import { boolean, count, listOf, object, text } from '../../http/shape.ts'
import { checkSession, type SessionDependencies } from '../check-session.ts'
import { remainingSeconds } from '../lifetimes.ts'
import type { SessionKind } from '../session-kinds.ts'

const sessionAnswer = object({
  id: text(),
  purpose: text(),
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

export interface ListSessionsDependencies extends SessionDependencies {
  readonly sessionKinds: () => readonly SessionKind[]
}

export function listSessions(dependencies: ListSessionsDependencies) {
  return endpoint({
    summary: 'Show where the caller is logged in',
    access: 'user',
    answers: { 200: listAnswer },
  }).handle(async (call) => {
    const caller = await checkSession(dependencies, call)
    const kinds = dependencies.sessionKinds()
    const listed = await Promise.all(kinds.map((kind) => listOfKind(kind, caller.sub)))
    const inOrderOfUse = listed.flat().sort((one, other) => other.lastUsedAt - one.lastUsedAt)
    const sessions = inOrderOfUse.map((session) => ({
      id: session.id,
      purpose: session.purpose,
      issued_at: unixSeconds(session.issuedAt),
      source: session.source,
      last_used_at: unixSeconds(session.lastUsedAt),
      refresh_count: session.refreshCount,
      expires_in: remainingSeconds(session),
      is_current: session.id === caller.id,
    }))
    return { status: 200, body: { sessions } }
  })
}

async function listOfKind(kind: SessionKind, sub: string) {
  const { purpose } = kind
  return (await kind.list(sub)).map((session) => ({ ...session, purpose }))
}

function unixSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}
