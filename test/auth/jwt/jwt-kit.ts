/** auth with JWTs, as a client sees it. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { capability } from '../../../src/auth/capability.ts'
import { jwt } from '../../../src/auth/jwt/register.ts'
import type { SecurityEvent } from '../../../src/auth/security-events.ts'
import { memoryUserStore } from '../../../src/storage/memory/users.ts'
import type { UserStore } from '../../../src/storage/ports.ts'
import { type Answer, bearer, post } from '../../kit/auth-calls.ts'
import { correct } from '../../kit/auth-parts.ts'
import { manualClock } from '../../kit/clock.ts'
import { serviceTokenOf, startTestAuth, type TestAuthOptions } from '../../kit/servers.ts'
import { recordSecret } from '../../kit/used-secrets.ts'

/** On a clock that the test moves, with all that was reported. */
export async function startJwtAuth(t: TestContext, options: TestAuthOptions = {}) {
  const clock = manualClock()
  const events: SecurityEvent[] = []
  const listening = capability({
    name: 'listening',
    register: () => ({ listener: (event) => void events.push(event) }),
  })
  const capabilities = [jwt, listening, ...(options.capabilities ?? [])]
  const auth = await startTestAuth(t, { clock, ...options, capabilities })
  return { ...auth, clock, events }
}

export interface Pair {
  readonly access: string
  readonly refresh: string
}

export function pairIn({ status, body }: Answer): Pair {
  assert.equal(status, 200, JSON.stringify(body))
  const { access_token, refresh_token } = body
  return {
    access: recordSecret(String(access_token)),
    refresh: recordSecret(String(refresh_token)),
  }
}

export function postLoginJwt(url: string, json: unknown = correct): Promise<Answer> {
  return post(`${url}/login/jwt`, { json })
}

export async function logInJwt(url: string): Promise<Pair> {
  return pairIn(await postLoginJwt(url))
}

export function postRefresh(url: string, refresh_token: unknown): Promise<Answer> {
  return post(`${url}/refresh`, { json: { refresh_token } })
}

export async function refreshOn(url: string, { refresh }: Pair): Promise<Pair> {
  return pairIn(await postRefresh(url, refresh))
}

export async function introspect(url: string, token: string): Promise<Answer['body']> {
  const authorization = bearer(await serviceTokenOf(url))
  const form = `token=${encodeURIComponent(token)}`
  const answer = await post(`${url}/introspect`, { authorization, form })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body
}

export async function isActive(url: string, token: string): Promise<boolean> {
  return (await introspect(url, token)).active === true
}

export async function validate(url: string, token: string): Promise<Answer['body']> {
  const authorization = bearer(await serviceTokenOf(url))
  return (await post(`${url}/validateToken`, { authorization, json: { token } })).body
}

export function postRevocation(url: string, token: string): Promise<Answer> {
  return post(`${url}/revoke`, { form: `token=${encodeURIComponent(token)}` })
}

/** The claims of a JWT, unchecked. */
export function claimsIn(token: string): Readonly<Record<string, unknown>> {
  const [, claims = ''] = token.split('.')
  return JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'))
}

export function assertInvalidGrant({ status, body }: Answer): void {
  assert.deepEqual([status, body.error], [400, 'invalid_grant'])
}

/** Users who can be disabled, or gone, from one moment to the next. */
export function changeableUsers() {
  const users = memoryUserStore()
  let state: 'as they are' | 'disabled' | 'gone' = 'as they are'
  const store: UserStore = {
    ...users,
    async findById(id) {
      const user = await users.findById(id)
      if (user === undefined || state === 'gone') return undefined
      return state === 'disabled' ? { ...user, isDisabled: true } : user
    },
  }
  return {
    users: store,
    become: (next: typeof state) => {
      state = next
    },
  }
}
