/** auth with accounts, and with what an outbox and those who follow changes would be: lists that a test looks into. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { AccountChange } from '../../../src/auth/account-port.ts'
import { accounts } from '../../../src/auth/accounts/register.ts'
import { capability } from '../../../src/auth/capability.ts'
import { administratorScope } from '../../../src/auth/check-administrator.ts'
import type { MailRequest } from '../../../src/auth/outbox.ts'
import type { SecurityEvent } from '../../../src/auth/security-events.ts'
import type { BoundStatement } from '../../../src/storage/backing.ts'
import { type Answer, callAt, type Sent } from '../../kit/auth-calls.ts'
import { mailedToken } from '../../kit/mailed-token.ts'
import { logIn, serviceTokenOf, startTestAuth, type TestAuthOptions } from '../../kit/servers.ts'

export const password = 'a good long password'
export const ann = { username: 'ann@example.com', name: 'Ann', password }

/** Leaves what it is asked for with the test. In Postgres that is kept by nobody, and told when it is put together. */
export function recordingNeighbours({ hasOutbox = true }: { readonly hasOutbox?: boolean } = {}) {
  const mails: MailRequest[] = []
  const changes: AccountChange[] = []
  const events: SecurityEvent[] = []
  let looks = 0
  const kept: BoundStatement = { statement: { name: 'neighbour', text: 'select 1' }, values: [] }
  const outbox = {
    statementFor(request: MailRequest) {
      mails.push(request)
      return kept
    },
    add: (request: MailRequest) => void mails.push(request),
    look: () => void looks++,
  }
  const changeFollower = {
    statementsFor(change: AccountChange) {
      changes.push(change)
      return [kept]
    },
    apply: (change: AccountChange) => void changes.push(change),
  }
  const neighbours = capability({
    name: 'neighbours',
    register: () => ({
      ...(hasOutbox && { outbox }),
      changeFollower,
      listener: (event) => void events.push(event),
      roles: {
        writer: ['posts:write'],
        administrator: ['accounts:admin', 'posts:write'],
        root: [administratorScope],
      },
    }),
  })
  return { neighbours, outbox, changeFollower, mails, changes, events, looks: () => looks }
}

export type AccountsOptions = TestAuthOptions & { readonly hasOutbox?: boolean }

export async function startAccounts(t: TestContext, options: AccountsOptions = {}) {
  const recorded = recordingNeighbours(options)
  const auth = await startTestAuth(t, {
    ...options,
    capabilities: [accounts, recorded.neighbours],
  })
  const call = (method: string, path: string, sent: Sent = {}) =>
    callAt(`${auth.url}${path}`, method, sent)
  return {
    ...auth,
    ...recorded,
    call,
    register: async (fields: Readonly<Record<string, unknown>> = ann) => {
      const { status, body } = await call('POST', '/register', { json: fields })
      assert.equal(status, 201, JSON.stringify(body))
      return body as { readonly id: string; readonly username: string; readonly name: string }
    },
    logIn: (credentials: { readonly username: string; readonly password: string } = ann) =>
      logIn(auth.url, { username: credentials.username, password: credentials.password }),
    /** Whether a session is good, whatever its user is; it lives on by that. */
    isAlive: async (token: string) => await isAliveAt(auth.url, token),
    /** The token that a mail would bring. */
    mailed: (template: string, sub: string) => mailedToken(auth.core, template, sub),
    addressOf: async (request: MailRequest) =>
      await auth.core
        .mailTemplates()
        .find(({ name }) => name === request.template)
        ?.addressOf(request.sub),
  }
}

/** Whether a session is good, as other servers hear of it. */
export async function isAliveAt(url: string, token: string): Promise<boolean> {
  const asked = { token: await serviceTokenOf(url), json: { token } }
  const { body } = await callAt(`${url}/validateToken`, 'POST', asked)
  return body.authenticated === true
}

export function assertRefused({ status, body }: Answer, expected: number, error: string): void {
  assert.deepEqual({ status, error: body.error }, { status: expected, error })
}
