import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { configuredClients } from '../../../src/auth/clients.ts'
import { bearer, post } from '../../kit/auth-calls.ts'
import { logIn, serviceTokenOf, testClient } from '../../kit/servers.ts'
import {
  claimsIn,
  introspect,
  isActive,
  logInJwt,
  refreshOn,
  startJwtAuth,
  validate,
} from './jwt-kit.ts'

const nothing = { active: false }

describe('POST /introspect', () => {
  it('tells what an access token is', async (t) => {
    const { url, user } = await startJwtAuth(t)
    const { access } = await logInJwt(url)

    const answer = await introspect(url, access)

    const { jti, sid, iat, exp } = claimsIn(access)
    assert.deepEqual(answer, {
      active: true,
      sub: user.id,
      scope: '',
      purpose: 'access',
      token_type: 'Bearer',
      client_id: 'sallyport',
      jti,
      sid,
      iat,
      exp,
    })
  })

  it('tells what a refresh token is, without a token type by which it could be taken for access', async (t) => {
    const { url, user, clock } = await startJwtAuth(t)
    const { access, refresh } = await logInJwt(url)

    const answer = await introspect(url, refresh)

    const iat = Math.floor(clock.now() / 1000)
    assert.deepEqual(answer, {
      active: true,
      sub: user.id,
      scope: '',
      purpose: 'refresh',
      client_id: 'sallyport',
      sid: claimsIn(access).sid,
      iat,
      exp: iat + 2_592_000,
    })
  })

  it('tells what a session and a service token are', async (t) => {
    const { url, user, clock } = await startJwtAuth(t)
    const [session, service] = [await logIn(url), await serviceTokenOf(url)]

    const answers = [await introspect(url, session), await introspect(url, service)]

    const iat = Math.floor(clock.now() / 1000)
    const common = { active: true, token_type: 'Bearer', iat }
    const [ofSession, ofService] = [
      { sub: user.id, scope: '', purpose: 'session', exp: iat + 30 },
      { sub: 'client:business', scope: 'tokens:validate', purpose: 'service', exp: iat + 300 },
    ]
    assert.deepEqual(answers, [
      { ...common, ...ofSession },
      { ...common, ...ofService, client_id: 'business' },
    ])
  })

  it('only looks: no session lives longer, and no refresh token is spent', async (t) => {
    const { url, clock } = await startJwtAuth(t)
    const session = await logIn(url)
    const pair = await logInJwt(url)
    clock.advance(20_000)

    await introspect(url, session)
    await introspect(url, pair.refresh)

    clock.advance(10_000)
    assert.deepEqual(await validate(url, session), { authenticated: false })
    await refreshOn(url, pair)
  })

  it('says no more of a spent refresh token, and does not end its family', async (t) => {
    const { url } = await startJwtAuth(t)
    const first = await logInJwt(url)
    const second = await refreshOn(url, first)

    const answer = await introspect(url, first.refresh)

    assert.deepEqual(answer, nothing)
    assert.equal(await isActive(url, second.refresh), true)
  })

  it('says no more of what is dead, forged or of no kind', async (t) => {
    const { url, clock } = await startJwtAuth(t)
    const { access, refresh } = await logInJwt(url)
    const session = await logIn(url)
    clock.advance(300_000)
    const forged = `${refresh.slice(0, -43)}${'A'.repeat(43)}`

    const answers = [
      await introspect(url, access),
      await introspect(url, session),
      await introspect(url, forged),
      await introspect(url, refresh.replaceAll(/[a-z]/g, 'b').replace('bb_b', 'sp_f')),
      await introspect(url, 'x.y.z'),
      await introspect(url, ''),
    ]

    for (const answer of answers) assert.deepEqual(answer, nothing)
    assert.equal(await isActive(url, refresh), true)
  })

  it('is for service tokens alone, and for those that may validate', async (t) => {
    const idle = { id: 'idle', secret: 'i'.repeat(43) }
    const clients = configuredClients([
      { ...testClient, scopes: ['tokens:validate'] },
      { ...idle, scopes: ['other'] },
    ])
    const { url } = await startJwtAuth(t, { clients })
    const { access, refresh } = await logInJwt(url)
    const callers = [undefined, access, refresh, await logIn(url), await serviceTokenOf(url, idle)]

    const answers = await Promise.all(
      callers.map((token) =>
        post(`${url}/introspect`, {
          ...(token !== undefined && { authorization: bearer(token) }),
          form: `token=${access}`,
        }),
      ),
    )

    assert.deepEqual(
      answers.map(({ status, body }) => [status, body.error]),
      [
        [401, 'missing_token'],
        [401, 'invalid_token'],
        [401, 'invalid_token'],
        [401, 'invalid_token'],
        [403, 'insufficient_scope'],
      ],
    )
  })
})
