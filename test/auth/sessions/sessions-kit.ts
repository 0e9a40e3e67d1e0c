/** auth with this capability alone, and calls to it as its users make them. */
import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { capability } from '../../../src/auth/capability.ts'
import type { SecurityEvent } from '../../../src/auth/security-events.ts'
import { sessions } from '../../../src/auth/sessions/register.ts'
import { keyOf } from '../../../src/tokens/token.ts'
import { type Answer, asToken, bearer, readAnswer } from '../../kit/auth-calls.ts'
import { logIn, startTestAuth, type TestAuthOptions, testPurposes } from '../../kit/servers.ts'

export const otherCredentials = { username: 'other@example.com', password: 'correct horse' }

export interface ListedSession {
  readonly id: string
  readonly purpose: string
  readonly issued_at: number
  readonly source: string
  readonly last_used_at: number
  readonly refresh_count: number
  readonly expires_in: number
  readonly is_current: boolean
}

/** auth with two users: the usual one, and one with `otherCredentials`. */
export async function startWithSessions(t: TestContext, options: TestAuthOptions = {}) {
  const events: SecurityEvent[] = []
  const listening = capability({
    name: 'listening',
    register: () => ({ listener: (event) => void events.push(event) }),
  })
  const auth = await startTestAuth(t, { ...options, capabilities: [sessions, listening] })
  const other = { ...auth.user, id: randomUUID(), username: otherCredentials.username }
  await auth.users.create(other)

  async function call(method: string, path: string, token?: string): Promise<Answer> {
    const headers = token === undefined ? {} : { authorization: bearer(token) }
    return await readAnswer(await fetch(`${auth.url}${path}`, { method, headers }))
  }

  /** What the bearer of this token sees. */
  async function list(token: string): Promise<readonly ListedSession[]> {
    const { status, body } = await call('GET', '/sessions', token)
    if (status !== 200) throw new Error(`sessions answered ${status}`)
    return body.sessions as readonly ListedSession[] // as the endpoint declares
  }

  const peek = (token: string) => auth.tokens.peek(keyOf(asToken(token)), testPurposes.session)
  const isAlive = async (token: string) => (await peek(token)) !== undefined

  /** A token and the public id of its session. */
  async function startSession(credentials?: typeof otherCredentials) {
    const token = await logIn(auth.url, credentials)
    const living = await peek(token)
    if (living === undefined) throw new Error('the session is dead already')
    return { token, id: living.id }
  }

  return { ...auth, other, events, call, list, peek, isAlive, startSession }
}
