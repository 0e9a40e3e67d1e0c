/** People with accounts at a real auth, and what they hold there. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { bearer, post } from './auth-calls.ts'
import { demoClient } from './demo.ts'
import { logIn, serviceTokenOf } from './servers.ts'
import { recordSecret } from './used-secrets.ts'

export interface Person {
  readonly username: string
  readonly name: string
  readonly password: string
}

/** Each time somebody else. */
export function somebody(): Person {
  return {
    username: `${randomUUID()}@example.com`,
    name: 'Somebody',
    password: recordSecret(`a password of ${randomUUID()}`),
  }
}

/** Where registration is open. Resolves with the id. */
export async function register(url: string, person: Person): Promise<string> {
  const { status, body } = await post(`${url}/register`, { json: person })
  assert.equal(status, 201, JSON.stringify(body))
  return String(body.id)
}

export interface Held {
  readonly session: string
  readonly access: string
  readonly refresh: string
}

/** Logs in both ways. */
export async function logInTwice(url: string, { username, password }: Person): Promise<Held> {
  const session = await logIn(url, { username, password })
  const { status, body } = await post(`${url}/login/jwt`, { json: { username, password } })
  assert.equal(status, 200, JSON.stringify(body))
  const [access, refresh] = [String(body.access_token), String(body.refresh_token)]
  return { session, access: recordSecret(access), refresh: recordSecret(refresh) }
}

/** What of it is alive, as other servers hear of it. Extends nothing. */
export async function aliveAt(
  url: string,
  held: Partial<Held>,
  client = demoClient,
): Promise<readonly string[]> {
  const authorization = bearer(await serviceTokenOf(url, client))
  const alive: string[] = []
  for (const [name, token] of Object.entries(held)) {
    const { status, body } = await post(`${url}/introspect`, { authorization, json: { token } })
    assert.equal(status, 200, JSON.stringify(body))
    if (body.active === true) alive.push(name)
  }
  return alive
}

export const allHeld: readonly (keyof Held)[] = ['session', 'access', 'refresh']
