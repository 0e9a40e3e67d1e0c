/**
 * auth with accounts, their sessions and JWTs, and an administrator, on whichever stores: two auths where processes can
 * share them, which get what a user sends in turn. What is alive is asked at both.
 */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { capabilities } from '../../src/auth/capabilities.ts'
import type { Passwords } from '../../src/passwords/passwords.ts'
import type { Validation } from '../../src/validation.ts'
import type { AuthStores, StoresOfAuth } from '../storage/each-store.ts'
import { type Answer, bearer, post, readAnswer } from './auth-calls.ts'
import { cheapPasswords } from './auth-parts.ts'
import { createHold } from './hold.ts'
import { mailedToken } from './mailed-token.ts'
import { logIn, serviceTokenOf, startTestAuth } from './servers.ts'
import { recordSecret } from './used-secrets.ts'

export const ann = {
  username: 'ann@example.com',
  name: 'Ann',
  password: 'a good long password',
}
const root = { ...ann, username: 'root@example.com', roles: ['administrator'] }

/** What counts logins and sends mails is not what these tests are about. */
const needed = ['accounts', 'admin', 'jwt', 'sessions']
const environment = {
  KEY_ENCRYPTION_SECRET: 'a-secret-for-tests-of-32-characters-or-more',
  MAX_SESSIONS_PER_USER: '1000', // nothing is to end for another reason
}

/** What logins and refreshes have brought: what `/validateToken` is asked about, and refresh tokens. */
export interface Issued {
  readonly bearers: readonly string[]
  readonly refreshes: readonly string[]
}

/** Ann is registered. */
export async function startAccountAuths(t: TestContext, stores: StoresOfAuth) {
  /** Where logins are whose password was found right. */
  const verdicts = createHold()
  /** Where logins and refreshes are that have found their user. */
  const looks = createHold()
  const right = cheapPasswords()
  const passwords: Passwords = {
    ...right,
    async check(password, stored) {
      const verdict = await right.check(password, stored)
      await verdicts.pass()
      return verdict
    },
  }

  async function start({ users, ...others }: AuthStores) {
    const watched: AuthStores['users'] = {
      ...users,
      async findById(id) {
        const user = await users.findById(id)
        await looks.pass()
        return user
      },
    }
    return await startTestAuth(t, {
      ...others,
      users: watched,
      passwords,
      environment,
      capabilities: capabilities.filter(({ name }) => needed.includes(name)),
    })
  }

  const one = await start(await stores.open(t))
  const again = await stores.openAgain(t)
  const other = again === undefined ? one : await start(again)
  const urls = [one.url, other.url] as const
  let turn = 0
  const nextUrl = () => urls[turn++ % 2 === 0 ? 0 : 1]

  async function call(method: string, path: string, token: string, json?: unknown) {
    const headers = new Headers({ authorization: bearer(token) })
    if (json !== undefined) headers.set('content-type', 'application/json')
    const body = json === undefined ? null : JSON.stringify(json)
    return await readAnswer(await fetch(`${nextUrl()}${path}`, { method, headers, body }))
  }

  async function register(): Promise<string> {
    const { status, body } = await post(`${one.url}/register`, { json: ann })
    assert.equal(status, 201)
    return String(body.id)
  }

  /** Half of them for sessions, half for JWTs. */
  async function logIn16Times(password = ann.password): Promise<readonly Answer[]> {
    const json = { username: ann.username, password }
    return await Promise.all(
      Array.from({ length: 16 }, (_, index) => {
        const path = index % 4 < 2 ? '/login' : '/login/jwt'
        return post(`${nextUrl()}${path}`, { json })
      }),
    )
  }

  const refreshAll = (refreshes: readonly string[]): Promise<readonly Answer[]> =>
    Promise.all(
      refreshes.map((refresh_token) => post(`${nextUrl()}/refresh`, { json: { refresh_token } })),
    )

  /** Those that are good at one auth or the other. What is asked about is used by that. */
  async function livingOf({ bearers, refreshes }: Issued): Promise<readonly string[]> {
    const living = new Set<string>()
    for (const url of urls) {
      const authorization = bearer(await serviceTokenOf(url))
      const asked = { authorization, json: { tokens: bearers } }
      const { status, body } = await post(`${url}/validateToken`, asked)
      const results = body.results as readonly Validation[] // where the status is 200
      assert.deepEqual([status, results?.length], [200, bearers.length])
      for (const [index, token] of bearers.entries())
        if (results[index]?.authenticated) living.add(token)
    }
    const answers = await refreshAll(refreshes)
    refreshes.forEach((token, index) => {
      if (answers[index]?.status === 200) living.add(token)
    })
    return [...living]
  }

  const accounts = one.core.accounts() ?? assert.fail('there are no accounts')
  await accounts.ensure(root)
  const administrator = await logIn(one.url, root)
  const id = await register()
  return {
    verdicts,
    looks,
    call,
    register,
    logIn16Times,
    refreshAll,
    livingOf,
    logIn: (password = ann.password) => logIn(nextUrl(), { username: ann.username, password }),
    setDisabled: async (disabled: boolean) =>
      (await call('PATCH', `/admin/users/${id}`, administrator, { disabled })).status,
    /** The mail has arrived; what it answers finishes. */
    prepareReset: async (password: string) => {
      const json = { token: await mailedToken(one.core, 'accounts/reset', id), password }
      return async () => (await post(`${nextUrl()}/password-reset/finish`, { json })).status
    },
  }
}

export type AccountAuths = Awaited<ReturnType<typeof startAccountAuths>>

/** Each of 16 logins brings what is good. */
export async function assertLogsIn(
  { logIn16Times, livingOf }: AccountAuths,
  password = ann.password,
): Promise<void> {
  const issued = issuedIn(await logIn16Times(password))
  const living = await livingOf(issued)
  assert.deepEqual([...living].sort(), [...issued.bearers, ...issued.refreshes].sort())
  assert.equal(living.length, 16 + 8)
}

/** All in them that succeeded; the others must have been refused as credentials, or as a grant, that are not good. */
export function issuedIn(answers: readonly Answer[]): Issued {
  const issued = { bearers: [] as string[], refreshes: [] as string[] }
  for (const { status, body } of answers) {
    const { token, access_token = token, refresh_token, error } = body
    if (status === 200) issued.bearers.push(recordSecret(String(access_token)))
    else assert.ok(error === 'invalid_credentials' || error === 'invalid_grant', String(error))
    if (typeof refresh_token === 'string') issued.refreshes.push(recordSecret(refresh_token))
  }
  return issued
}
