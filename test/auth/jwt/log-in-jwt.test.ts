import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { capability } from '../../../src/auth/capability.ts'
import type { LoginAttempt } from '../../../src/auth/login-steps.ts'
import { markLifeSeconds } from '../../../src/storage/ports.ts'
import { basic, post } from '../../kit/auth-calls.ts'
import { correct, heldPasswords } from '../../kit/auth-parts.ts'
import { claimsIn, introspect, postLoginJwt, startJwtAuth, validate } from './jwt-kit.ts'

describe('POST /login/jwt', () => {
  it('answers an access token and a refresh token for the right password', async (t) => {
    const { url, user } = await startJwtAuth(t)

    const { status, headers, body } = await postLoginJwt(url)

    assert.equal(status, 200)
    assert.equal(headers.get('cache-control'), 'no-store')
    const { access_token, refresh_token, ...rest } = body
    assert.deepEqual(rest, {
      token_type: 'Bearer',
      expires_in: 300,
      refresh_expires_in: 2_592_000,
    })
    assert.match(String(refresh_token), /^sp_f_[\w-]{12}_[\w-]{22}_[\w-]{43}$/)
    const { sub, scope, client_id } = claimsIn(String(access_token))
    assert.deepEqual([sub, scope, client_id], [user.id, '', 'sallyport'])
  })

  it('takes a form and HTTP Basic as the login does', async (t) => {
    const { url } = await startJwtAuth(t)
    const { username, password } = correct
    const form = new URLSearchParams(correct).toString()

    const answers = [
      await post(`${url}/login/jwt`, { form }),
      await post(`${url}/login/jwt`, { authorization: basic(username, password) }),
    ]

    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    )
  })

  it('refuses a wrong password and an unknown user alike, and begins nothing', async (t) => {
    const { url, events } = await startJwtAuth(t)

    const answers = [
      await postLoginJwt(url, { ...correct, password: 'wrong horse' }),
      await postLoginJwt(url, { ...correct, username: 'nobody@example.com' }),
    ]

    for (const { status, body } of answers)
      assert.deepEqual([status, body.error], [401, 'invalid_credentials'])
    assert.deepEqual(
      events.map(({ type }) => type),
      ['login_failed', 'login_failed'],
    )
  })

  it('says in the access token which family it is of, and never how it is selected', async (t) => {
    const { url } = await startJwtAuth(t)

    const { access_token, refresh_token } = (await postLoginJwt(url)).body

    const { sid } = claimsIn(String(access_token))
    assert.match(String(sid), /^[\w-]{22}$/)
    assert.equal((await introspect(url, String(refresh_token))).sid, sid)
    assert.ok(!String(refresh_token).includes(String(sid)))
  })

  it('gives access that validations take until it ends', async (t) => {
    const { url, clock, user } = await startJwtAuth(t)
    const token = String((await postLoginJwt(url)).body.access_token)
    clock.advance(2_000)

    const validation = await validate(url, token)

    const { issued_at, ...rest } = validation
    assert.equal(typeof issued_at, 'number')
    assert.deepEqual(rest, {
      authenticated: true,
      sub: user.id,
      scope: '',
      purpose: 'access',
      expires_in: 298,
    })
  })

  it('issues nothing where everything of the user was ended while his password was checked', async (t) => {
    const { passwords, checked, release } = heldPasswords()
    const { url, tokens, user, core } = await startJwtAuth(t, { passwords })
    const login = postLoginJwt(url)
    await checked

    await tokens.revokeSubject(user.id, core.userPurposes())
    release()

    const { status, body } = await login
    assert.deepEqual([status, body.error], [401, 'invalid_credentials'])
  })

  it('keeps the marks of refreshing as long as any family can live, however short the life is now', async (t) => {
    const { core } = await startJwtAuth(t, { environment: { REFRESH_LIFETIME_SECONDS: '60' } })

    const purpose = core.userPurposes().find(({ name }) => name === 'refresh')

    assert.equal(purpose && markLifeSeconds(purpose), 90 * 86_400 + 3_600)
  })

  it('reports the login with the id of its family, which steps after it find, too', async (t) => {
    const found: unknown[] = []
    const issued = async ({ session }: LoginAttempt) => void found.push(session)
    const after = capability({ name: 'after', register: () => ({ login: { issued } }) })
    const { url, events, user } = await startJwtAuth(t, { capabilities: [after] })

    const { body } = await postLoginJwt(url)

    const session = claimsIn(String(body.access_token)).sid
    assert.equal(typeof session, 'string')
    assert.deepEqual(
      events.map(({ type, sub, session }) => ({ type, sub, session })),
      [{ type: 'login_succeeded', sub: user.id, session }],
    )
    assert.deepEqual(found, [session])
  })
})
