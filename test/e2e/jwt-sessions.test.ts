/** A user with a session and a login for JWTs: both are his sessions, and either token says who he is. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { bearer, post, readAnswer } from '../kit/auth-calls.ts'
import { demoClient } from '../kit/demo.ts'
import { startAuth } from '../kit/processes.ts'
import { logIn, serviceTokenOf } from '../kit/servers.ts'
import { recordSecret } from '../kit/used-secrets.ts'

interface Listed {
  readonly id: string
  readonly purpose: string
  readonly is_current: boolean
}

async function start(t: TestContext) {
  const { url } = await startAuth(t, { REGISTRATION: 'open' })

  async function call(method: string, path: string, token: string) {
    const headers = { authorization: bearer(token) }
    return await readAnswer(await fetch(`${url}${path}`, { method, headers }))
  }

  /** With a session and a login for JWTs. */
  async function newUser() {
    const credentials = { username: `${randomUUID()}@example.com`, password: 'seven quiet herons' }
    await post(`${url}/register`, { json: { ...credentials, name: 'Ann' } })
    const session = await logIn(url, credentials)
    const { body } = await post(`${url}/login/jwt`, { json: credentials })
    const access = recordSecret(String(body.access_token))
    const refresh = recordSecret(String(body.refresh_token))
    return { session, access, refresh }
  }

  async function list(token: string): Promise<readonly Listed[]> {
    const { status, body } = await call('GET', '/sessions', token)
    assert.equal(status, 200, JSON.stringify(body))
    return body.sessions as readonly Listed[] // as the endpoint declares
  }

  async function idOf(purpose: string, token: string): Promise<string> {
    const found = (await list(token)).find((one) => one.purpose === purpose)
    return found?.id ?? assert.fail(`there is no ${purpose}`)
  }

  async function isGood(token: string): Promise<boolean> {
    const authorization = bearer(await serviceTokenOf(url, demoClient))
    const { body } = await post(`${url}/validateToken`, { authorization, json: { token } })
    return body.authenticated === true
  }

  async function canRefresh(refresh_token: string): Promise<boolean> {
    return (await post(`${url}/refresh`, { json: { refresh_token } })).status === 200
  }

  return { call, newUser, list, idOf, isGood, canRefresh }
}

describe('a user with a session and a login for JWTs', () => {
  it('sees both in one list, whichever token asks', async (t) => {
    const { newUser, list } = await start(t)
    const { session, access } = await newUser()

    const bySession = await list(session)
    const byAccess = await list(access)

    const current = (listed: readonly Listed[]) =>
      listed.map(({ purpose, is_current }) => `${purpose} ${is_current}`).sort()
    assert.deepEqual(current(bySession), ['refresh false', 'session true'])
    assert.deepEqual(current(byAccess), ['refresh true', 'session false'])
    const fields = bySession.map((one) => Object.keys(one).sort())
    assert.deepEqual(fields[0], fields[1])
  })

  it('ends the login for JWTs alone by its id: both its tokens are dead at once', async (t) => {
    const { call, newUser, list, idOf, isGood, canRefresh } = await start(t)
    const { session, access, refresh } = await newUser()
    const id = await idOf('refresh', session)

    const first = await call('DELETE', `/sessions/${id}`, session)
    const second = await call('DELETE', `/sessions/${id}`, session)

    assert.deepEqual([first.status, second.status], [204, 404])
    assert.equal(await isGood(access), false)
    assert.equal(await canRefresh(refresh), false)
    assert.equal((await call('GET', '/sessions', access)).status, 401)
    assert.deepEqual(
      (await list(session)).map(({ purpose }) => purpose),
      ['session'],
    )
  })

  it('ends the session alone by its id, with an access token', async (t) => {
    const { call, newUser, idOf, isGood, canRefresh } = await start(t)
    const { session, access, refresh } = await newUser()

    const { status } = await call('DELETE', `/sessions/${await idOf('session', access)}`, access)

    assert.equal(status, 204)
    assert.equal(await isGood(session), false)
    assert.equal(await isGood(access), true)
    assert.equal(await canRefresh(refresh), true)
  })

  it('finds nothing of somebody else, and changes nothing of it', async (t) => {
    const { call, newUser, idOf, isGood, canRefresh } = await start(t)
    const [one, other] = [await newUser(), await newUser()]
    const ids = [await idOf('refresh', one.session), await idOf('session', one.session)]

    for (const id of ids) {
      for (const token of [other.session, other.access])
        assert.equal((await call('DELETE', `/sessions/${id}`, token)).status, 404)
    }

    for (const token of [one.session, one.access, other.session, other.access])
      assert.equal(await isGood(token), true)
    assert.equal(await canRefresh(one.refresh), true)
  })

  it('logs out everywhere with an access token', async (t) => {
    const { call, newUser, isGood, canRefresh } = await start(t)
    const [{ session, access, refresh }, other] = [await newUser(), await newUser()]

    const { status } = await call('POST', '/logout-all', access)

    assert.equal(status, 204)
    assert.deepEqual([await isGood(session), await isGood(access)], [false, false])
    assert.equal(await canRefresh(refresh), false)
    assert.deepEqual([await isGood(other.session), await isGood(other.access)], [true, true])
  })

  it('is who he is with an access token, while its login lives, and with no refresh token', async (t) => {
    const { call, newUser } = await start(t)
    const { session, access, refresh } = await newUser()

    const [bySession, byAccess] = [
      await call('GET', '/me', session),
      await call('GET', '/me', access),
    ]
    await call('POST', '/logout', access)

    assert.deepEqual([byAccess.status, byAccess.body], [200, bySession.body])
    assert.equal((await call('GET', '/me', access)).status, 401)
    assert.equal((await call('GET', '/me', refresh)).status, 401)
  })
})
