/** auth with clients, and with an administrator who is logged in. */
import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { capability } from '../../../src/auth/capability.ts'
import { clients } from '../../../src/auth/clients/register.ts'
import type { LoginAttempt } from '../../../src/auth/login-steps.ts'
import type { SecurityEvent } from '../../../src/auth/security-events.ts'
import { type Answer, basic, bearer, post, readAnswer } from '../../kit/auth-calls.ts'
import { logIn, startTestAuth, type TestAuthOptions } from '../../kit/servers.ts'
import { recordSecret } from '../../kit/used-secrets.ts'

export interface CallOptions {
  /** Default: that of the administrator. */
  readonly authorization?: string | undefined
  readonly json?: unknown
  readonly form?: string
}

const administrator = { username: 'administrator@example.com', password: 'correct horse' }
export const reports = { id: 'reports', name: 'Reports', scope: 'tokens:validate accounts:events' }

export async function startAdministeredAuth(t: TestContext, options: TestAuthOptions = {}) {
  const events: SecurityEvent[] = []
  const listener = (event: SecurityEvent) => {
    if (event.type.startsWith('client_')) events.push(event)
  }
  const checked = async (attempt: LoginAttempt) => {
    if (attempt.user?.username === administrator.username) attempt.scope = 'posts:write admin'
  }
  const roles = capability({
    name: 'roles',
    register: () => ({ login: { checked }, listener }),
  })
  const auth = await startTestAuth(t, { ...options, capabilities: [clients, roles] })
  const actor = randomUUID()
  await auth.users.create({ ...auth.user, id: actor, username: administrator.username })
  const authorization = bearer(await logIn(auth.url, administrator))

  async function call(method: string, path: string, given: CallOptions = {}): Promise<Answer> {
    const options = { authorization, ...given }
    const headers = new Headers()
    if (options.authorization !== undefined) headers.set('authorization', options.authorization)
    if (options.json !== undefined) headers.set('content-type', 'application/json')
    if (options.form !== undefined) headers.set('content-type', 'application/x-www-form-urlencoded')
    const body = options.json === undefined ? (options.form ?? null) : JSON.stringify(options.json)
    return await readAnswer(await fetch(`${auth.url}${path}`, { method, headers, body }))
  }

  return {
    ...auth,
    /** Those about clients. */
    events,
    actor,
    call,
    /** Makes the client `reports`, unless told otherwise, and answers its secret. */
    createClient: async (fields: Partial<typeof reports> = {}): Promise<string> => {
      const json = { ...reports, ...fields }
      const { status, body } = await call('POST', '/admin/clients', { json })
      if (status !== 201) throw new Error(`no client was made: ${JSON.stringify(body)}`)
      return recordSecret(String(body.secret))
    },
    listClients: async () => (await call('GET', '/admin/clients')).body.clients,
    /** What `/token` says to a client. */
    askForToken: (secret: unknown, id = reports.id) =>
      post(`${auth.url}/token`, {
        authorization: basic(id, String(secret)),
        form: 'grant_type=client_credentials',
      }),
    /** Whether `/validateToken` lets this service token ask. */
    maySayWhoIs: async (serviceToken: unknown): Promise<boolean> => {
      const { status } = await post(`${auth.url}/validateToken`, {
        authorization: bearer(String(serviceToken)),
        json: { token: 'anything' },
      })
      return status === 200
    },
  }
}
