/** All that somebody can do with an account and an administrator with a program, with passwords that are found again. */
import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { type Answer, basic, bearer, callAt, post } from './auth-calls.ts'
import { logInTwice } from './people.ts'
import { getData, logIn, serviceTokenOf } from './servers.ts'
import { recordSecret } from './used-secrets.ts'

/** Nothing is it by chance. */
export function planted(what: string): string {
  return recordSecret(`planted-${what}-of-32-characters-${randomBytes(9).toString('base64url')}`)
}

export interface Place {
  readonly auth: string
  readonly business: string
  /** The token in the next mail to that address. */
  readonly nextToken: (address: string) => Promise<string>
  readonly administrator: { readonly username: string; readonly password: string }
}

export interface Lived {
  readonly id: string
  /** The first address, and the one that it has at the end. */
  readonly addresses: readonly [string, string]
  readonly lastPassword: string
  /** All that was used or handed out, by what it is. */
  readonly secrets: ReadonlyMap<string, string>
}

export async function livePlanted(place: Place): Promise<Lived> {
  const { auth, business, nextToken, administrator } = place
  const secrets = new Map<string, string>()
  const [first, second] = [1, 2].map(() => `${randomUUID()}@example.com`) as [string, string]

  function keep<T extends string>(what: string, secret: T): T {
    assert.ok(secret.length >= 20, what)
    secrets.set(what, recordSecret(secret))
    return secret
  }
  const passwordFor = (what: string) => keep(what, planted(what))
  async function expect(status: number, answer: Promise<Answer>): Promise<Answer['body']> {
    const { status: actual, body } = await answer
    assert.equal(actual, status, JSON.stringify(body))
    return body
  }
  async function logInBothWays(what: string, username: string, password: string) {
    const held = await logInTwice(auth, { username, name: '', password })
    for (const [name, token] of Object.entries(held)) keep(`${name} ${what}`, token)
    return held
  }

  // Registering, with what people mistype.
  const passwords = ['first', 'second', 'third'].map((what) => passwordFor(`${what} password`))
  const [password = '', changed = '', reset = ''] = passwords
  await expect(202, post(`${auth}/register`, { json: { username: first } }))
  const verify = keep('token of a registration', await nextToken(first))
  const tooLong = passwordFor('refused password').repeat(8)
  for (const [status, chosen] of [
    [400, tooLong],
    [201, password],
    [400, password],
  ] as const) {
    const json = { token: verify, name: 'Ann', password: chosen }
    await expect(status, post(`${auth}/register/finish`, { json }))
  }
  for (const path of ['login', 'login/jwt']) {
    const wrong = [
      { username: first, password: passwordFor(`wrong password at ${path}`) },
      { username: passwordFor(`password as a user name at ${path}`), password },
      { username: `${password}@example.com`, password: first },
    ]
    for (const json of wrong) await expect(401, post(`${auth}/${path}`, { json }))
    const authorization = basic(password, changed)
    await expect(401, post(`${auth}/${path}`, { authorization }))
  }

  // Using it.
  const held = await logInBothWays('of the first login', first, password)
  const { session: token } = held
  const json = { refresh_token: held.refresh }
  const refreshed = await expect(200, post(`${auth}/refresh`, { json }))
  await expect(200, post(`${auth}/refresh`, { json }))
  const access = keep('second access', String(refreshed.access_token))
  keep('signature of it', access.slice(access.lastIndexOf('.') + 1))
  keep('second refresh', String(refreshed.refresh_token))
  for (const one of [token, access]) assert.equal((await getData(business, one)).status, 200)
  const { id } = await expect(200, callAt(`${auth}/me`, 'PATCH', { token, json: { name: 'Ann' } }))

  // Another password, another address, and a reset.
  const change = {
    current_password: passwordFor('wrong password of a change'),
    new_password: changed,
  }
  await expect(401, callAt(`${auth}/me/password`, 'POST', { token, json: change }))
  const right = { current_password: password, new_password: changed }
  await expect(204, callAt(`${auth}/me/password`, 'POST', { token, json: right }))
  const later = await logInBothWays('after the change', first, changed)
  const move = { token: later.session, json: { username: second, password: changed } }
  await expect(202, callAt(`${auth}/me/username`, 'POST', move))
  const confirm = { json: { token: keep('token of an address', await nextToken(second)) } }
  await expect(204, post(`${auth}/me/username/finish`, confirm))
  await expect(202, post(`${auth}/password-reset`, { json: { username: second } }))
  const choose = { token: keep('token of a reset', await nextToken(second)), password: reset }
  await expect(204, post(`${auth}/password-reset/finish`, { json: choose }))
  await logInBothWays('at the end', second, reset)

  // A program.
  keep('password of the administrator', administrator.password)
  const admin = { token: keep('session of the administrator', await logIn(auth, administrator)) }
  const client = { id: `reports-${randomUUID()}`, name: 'Reports', scope: 'tokens:validate' }
  const made = await expect(
    201,
    callAt(`${auth}/admin/clients`, 'POST', { ...admin, json: client }),
  )
  const rotating = callAt(`${auth}/admin/clients/${client.id}/secret`, 'POST', admin)
  const rotated = await expect(200, rotating)
  for (const [what, { secret }] of Object.entries({ first: made, second: rotated })) {
    const known = { id: client.id, secret: keep(`${what} secret of a client`, String(secret)) }
    keep(`service token by the ${what} one`, await serviceTokenOf(auth, known))
  }

  // Each of them where it has no business.
  for (const secret of [...secrets.values()]) {
    const path = encodeURIComponent(secret)
    const strays = await Promise.all([
      callAt(`${auth}/sessions/${path}`, 'DELETE', admin),
      callAt(`${auth}/admin/users/${path}`, 'PATCH', { ...admin, json: { disabled: true } }),
      callAt(`${auth}/admin/clients/${path}/secret`, 'POST', admin),
      callAt(`${auth}/admin/users?after=${path}&limit=${path}`, 'GET', admin),
      callAt(`${auth}/admin/audit?type=${path}&sub=${path}`, 'GET', admin),
      callAt(`${auth}/events?after=${path}`, 'GET', { token: secret }),
      post(`${auth}/refresh`, { json: { refresh_token: `x${secret}` } }),
      post(`${auth}/introspect`, { authorization: bearer(secret), form: `token=${path}` }),
      post(`${auth}/password-reset/finish`, { json: { token: secret, password: secret } }),
      post(`${auth}/me/username/finish`, { json: { token: secret } }),
    ])
    for (const { status } of strays) assert.ok(status < 500, `${status}`)
  }
  return { id: String(id), addresses: [first, second], lastPassword: reset, secrets }
}
