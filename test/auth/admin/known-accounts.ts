/** auth with an administrator, and accounts that remember what was asked of them. */
import type { TestContext } from 'node:test'
import type { Accounts, AccountView, Act } from '../../../src/auth/account-port.ts'
import { admin } from '../../../src/auth/admin/register.ts'
import { type Addition, capability } from '../../../src/auth/capability.ts'
import type { LoginAttempt } from '../../../src/auth/login-steps.ts'
import type { SecurityEvent } from '../../../src/auth/security-events.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import { bearer, readAnswer } from '../../kit/auth-calls.ts'
import { logIn, startTestAuth } from '../../kit/servers.ts'

export const views: readonly AccountView[] = ['a', 'b', 'c'].map((id, index) => ({
  id,
  username: `${id}@example.com`,
  name: id.toUpperCase(),
  isVerified: true,
  isDisabled: index === 1,
  roles: index === 0 ? ['administrator'] : [],
  createdAt: 1_700_000_000_999,
  updatedAt: 1_700_000_001_000,
}))

/** `withAccounts: false`: nothing keeps any. `sessionsGoOn`: their store is away, so that no session ends. `scope` is what the session of the test user may do. */
export async function startAdmin(
  t: TestContext,
  { scope = 'admin', withAccounts = true, sessionsGoOn = false } = {},
) {
  const calls: unknown[][] = []
  const actors: string[] = []
  const events: SecurityEvent[] = []
  const note = async (...call: unknown[]) => {
    calls.push(call)
    return views.some(({ id }) => id === call[1])
  }
  const make = async ({ by, made }: Act, ...change: unknown[]) => {
    actors.push(by)
    const isMade = await note(...change)
    if (isMade) made()
    if (isMade && sessionsGoOn) throw unavailable('The change is made.')
    return isMade
  }
  const accounts: Accounts = {
    list: async ({ after = '', limit }) => views.filter(({ id }) => id > after).slice(0, limit),
    find: async (id) => views.find((one) => one.id === id),
    setDisabled: (id, isDisabled, act) => make(act, 'setDisabled', id, isDisabled),
    setRoles: (id, roles, act) => make(act, 'setRoles', id, roles),
    endSessions: (id) => note('endSessions', id),
    ensure: async () => 'a',
  }
  const checked = async (attempt: LoginAttempt) => {
    attempt.scope = scope
  }
  const listener = (event: SecurityEvent) => {
    if (!event.type.startsWith('login_')) events.push(event)
  }
  const addition: Addition = { login: { checked }, listener, ...(withAccounts && { accounts }) }
  const others = capability({ name: 'others', register: () => addition })
  const auth = await startTestAuth(t, { capabilities: [others, admin] })
  const token = await logIn(auth.url)

  async function call(method: string, path: string, json?: unknown, authorization?: string) {
    const headers = new Headers({ authorization: authorization ?? bearer(token) })
    if (json !== undefined) headers.set('content-type', 'application/json')
    const body = json === undefined ? null : JSON.stringify(json)
    return await readAnswer(await fetch(`${auth.url}${path}`, { method, headers, body }))
  }
  return { ...auth, token, calls, actors, events, call }
}
