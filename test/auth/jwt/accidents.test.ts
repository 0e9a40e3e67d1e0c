/** What has happened to other systems of this kind and must not happen to this one. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearer, post } from '../../kit/auth-calls.ts'
import { logIn, serviceTokenOf } from '../../kit/servers.ts'
import {
  assertInvalidGrant,
  claimsIn,
  introspect,
  isActive,
  logInJwt,
  postLoginJwt,
  postRefresh,
  refreshOn,
  startJwtAuth,
  validate,
} from './jwt-kit.ts'

describe('Accidents of refreshing', () => {
  it('never mints twice for two parallel refreshes', async (t) => {
    const { url } = await startJwtAuth(t)
    const { refresh } = await logInJwt(url)

    const [one, other] = await Promise.all([postRefresh(url, refresh), postRefresh(url, refresh)])

    assert.deepEqual([one.status, other.status], [200, 200])
    assert.deepEqual(one.body, other.body)
  })

  it('never takes the end of a family back with the error that reports it', async (t) => {
    const { url, clock } = await startJwtAuth(t)
    const first = await logInJwt(url)
    const second = await refreshOn(url, first)
    const third = await refreshOn(url, second)

    const reuse = await postRefresh(url, first.refresh)

    assertInvalidGrant(reuse)
    clock.advance(1)
    for (const { refresh } of [first, second, third])
      assertInvalidGrant(await postRefresh(url, refresh))
    assert.deepEqual(await validate(url, third.access), { authenticated: false })
    assert.deepEqual(await introspect(url, third.access), { active: false })
  })

  it('never accepts a refresh token as an access token, nor any secret of one purpose for another', async (t) => {
    const { url } = await startJwtAuth(t)
    const pair = await logInJwt(url)
    const [session, service] = [await logIn(url), await serviceTokenOf(url)]

    const refreshes = await Promise.all(
      [pair.access, session, service].map((token) => postRefresh(url, token)),
    )
    const validations = [await validate(url, pair.refresh), await validate(url, service)]
    const callers = await Promise.all(
      [pair.access, pair.refresh, session].map((token) =>
        post(`${url}/validateToken`, { authorization: bearer(token), json: { token } }),
      ),
    )
    const logouts = await Promise.all(
      [pair.refresh, service].map((token) =>
        post(`${url}/logout`, { authorization: bearer(token) }),
      ),
    )

    for (const answer of refreshes) assertInvalidGrant(answer)
    for (const validation of validations) assert.deepEqual(validation, { authenticated: false })
    assert.deepEqual(
      callers.map(({ status, body }) => [status, body.error]),
      Array(3).fill([401, 'invalid_token']),
    )
    assert.deepEqual(
      logouts.map(({ status }) => status),
      [204, 204],
    )
    for (const token of [pair.access, pair.refresh, session, service])
      assert.equal(await isActive(url, token), true)
    assert.equal((await introspect(url, pair.refresh)).iat, (await introspect(url, session)).iat)
    await refreshOn(url, pair)
  })

  it('never hands out an access token without an end', async (t) => {
    const { url } = await startJwtAuth(t)
    const first = await logInJwt(url)

    const second = await refreshOn(url, first)

    for (const { access } of [first, second]) {
      const { iat, exp } = claimsIn(access)
      assert.equal(Number(exp) - Number(iat), 300)
    }
  })

  it('never tells the life of another token', async (t) => {
    const { url, clock } = await startJwtAuth(t, {
      environment: { REFRESH_LIFETIME_SECONDS: '1000' },
    })
    const { body } = await postLoginJwt(url)
    const [access, refresh] = [String(body.access_token), String(body.refresh_token)]

    clock.advance(Number(body.expires_in) * 1000 - 1)
    const accessBefore = await isActive(url, access)
    clock.advance(1_000)
    const accessAfter = await isActive(url, access)
    clock.advance((Number(body.refresh_expires_in) - 301) * 1000)
    const refreshBefore = await isActive(url, refresh)
    clock.advance(1)

    assert.deepEqual([accessBefore, accessAfter, refreshBefore], [true, false, true])
    assert.equal(await isActive(url, refresh), false)
  })

  it('never answers a logout by which nobody is logged out', async (t) => {
    const { url } = await startJwtAuth(t)
    const [pair, other] = [await logInJwt(url), await logInJwt(url)]

    const { status } = await post(`${url}/logout`, { authorization: bearer(pair.access) })

    assert.equal(status, 204)
    assert.deepEqual(await validate(url, pair.access), { authenticated: false })
    assertInvalidGrant(await postRefresh(url, pair.refresh))
    assert.equal(await isActive(url, other.access), true)
  })

  it('never leaves a login alive of which everything was ended', async (t) => {
    const { url, tokens, user, core } = await startJwtAuth(t)
    const [one, other] = [await logInJwt(url), await logInJwt(url)]
    const session = await logIn(url)

    await tokens.revokeSubject(user.id, core.userPurposes())

    for (const { access, refresh } of [one, other]) {
      assertInvalidGrant(await postRefresh(url, refresh))
      assert.deepEqual(await validate(url, access), { authenticated: false })
      assert.deepEqual(await introspect(url, refresh), { active: false })
    }
    assert.deepEqual(await validate(url, session), { authenticated: false })
  })
})
