/** business with tasks, in the test's own process, and two users. */
import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import type { BusinessCapability } from '../../../src/business/capability.ts'
import { tasks } from '../../../src/business/tasks/register.ts'
import type { Environment } from '../../../src/config.ts'
import { type Answer, callAt } from '../../kit/auth-calls.ts'
import { waitUntil } from '../../kit/processes.ts'
import { logIn, startTestAuth, startTestBusiness } from '../../kit/servers.ts'

/** Nobody works: what is added stays queued. */
export const idleTasks: BusinessCapability = {
  ...tasks,
  async register(core, config) {
    return { ...(await tasks.register(core, config)), work: [] }
  },
}

export interface TaskServersOptions {
  /** Default: one that works. */
  readonly capability?: BusinessCapability
  readonly environment?: Environment
}

export async function startTaskServers(
  t: TestContext,
  { capability = tasks, environment = {} }: TaskServersOptions = {},
) {
  const auth = await startTestAuth(t)
  const other = { username: 'other@example.com', password: 'correct horse' }
  const passwordHash = await auth.passwords.hash(other.password)
  const { username } = other
  await auth.users.create({
    id: randomUUID(),
    username,
    name: 'Other',
    passwordHash,
    isDisabled: false,
  })
  const options = { authUrl: auth.url, capabilities: [capability], environment }
  const business = await startTestBusiness(t, options)
  const [token, otherToken] = [await logIn(auth.url), await logIn(auth.url, other)]
  const { url } = business
  return { ...business, auth, token, otherToken, ...callsTo(url, token) }
}

/** What a user asks. */
export function callsTo(url: string, token: string) {
  const ask = (method: string, path: string, json?: unknown): Promise<Answer> =>
    callAt(`${url}${path}`, method, { token, ...(json === undefined ? {} : { json }) })
  const get = (path: string) => ask('GET', path)

  /** Adds one that must be accepted. */
  async function add(path: string, json: unknown): Promise<string> {
    const { status, body } = await ask('POST', path, json)
    if (status !== 202) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
    return String(body.id)
  }

  async function untilState(id: string, state: string, seconds = 30): Promise<Answer['body']> {
    let body: Answer['body'] = {}
    await waitUntil(async () => {
      body = (await get(`/tasks/${id}`)).body
      return body.state === state
    }, seconds)
    return body
  }

  return {
    ask,
    get,
    cancel: (id: string) => ask('DELETE', `/tasks/${id}`),
    add,
    untilState,
  }
}
