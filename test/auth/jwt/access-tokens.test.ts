import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as jose from 'jose'
import { keySetOf, openTestAccess, request, verifyElsewhere } from './access-kit.ts'

describe('an access token', () => {
  for (const algorithm of ['EdDSA', 'ES256'] as const)
    it(`signed by ${algorithm} says what RFC 9068 asks for and nothing personal, and others can check it`, async () => {
      const { accessTokens, ring, clock } = await openTestAccess({ JWT_ALG: algorithm })

      const { token, expiresInSeconds } = await accessTokens.mint(request)

      const verified = await verifyElsewhere(token, keySetOf(ring), clock.now())
      const { kid } = ring.current()
      assert.equal(expiresInSeconds, 300)
      assert.deepEqual(verified.protectedHeader, { alg: algorithm, typ: 'at+jwt', kid })
      assert.deepEqual(verified.payload, {
        iss: 'https://auth.example',
        aud: 'business',
        sub: request.sub,
        client_id: 'web',
        jti: verified.payload.jti,
        iat: clock.now() / 1000,
        exp: clock.now() / 1000 + 300,
        scope: 'posts:read posts:write',
        sid: 'a-family',
      })
    })

  it('is verified with all that it was asked for', async () => {
    const { accessTokens, clock, mint } = await openTestAccess()

    const claims = await accessTokens.verify(await mint())

    const [issuedAt, expiresAt] = [clock.now(), clock.now() + 300_000]
    assert.deepEqual(claims, { ...request, jti: claims?.jti, issuedAt, expiresAt })
    assert.match(claims.jti, /^[0-9a-f-]{36}$/)
  })

  it('is for each of several servers, and good for who knows one of them', async () => {
    const { accessTokens, ring, clock, mint } = await openTestAccess({
      AUDIENCE: ['https://posts.example', 'business'],
    })

    const token = await mint()

    const { payload } = await verifyElsewhere(token, keySetOf(ring), clock.now())
    assert.deepEqual(payload.aud, ['https://posts.example', 'business'])
    assert.notEqual(await accessTokens.verify(token), undefined)
  })

  it('is another each time', async () => {
    const { mint } = await openTestAccess()

    const [one, other] = [await mint(), await mint()]

    assert.notEqual(jose.decodeJwt(one).jti, jose.decodeJwt(other).jti)
  })

  it('may have an empty scope', async () => {
    const { accessTokens, mint } = await openTestAccess()

    const claims = await accessTokens.verify(await mint({ ...request, scope: '' }))

    assert.equal(claims?.scope, '')
  })

  it('lives until the instant of its expiry, and not at it', async () => {
    const { accessTokens, pass, mint } = await openTestAccess()
    const token = await mint()

    await pass(299_999)
    const before = await accessTokens.verify(token)
    await pass(1)
    const then = await accessTokens.verify(token)

    assert.notEqual(before, undefined)
    assert.equal(then, undefined)
  })

  it('of one auth is nothing to another with keys of its own', async () => {
    const [one, other] = [await openTestAccess(), await openTestAccess()]

    assert.equal(await other.accessTokens.verify(await one.mint()), undefined)
  })
})
