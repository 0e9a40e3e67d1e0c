import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import * as jose from 'jose'
import { jwt } from '../../../src/auth/jwt/register.ts'
import { readAnswer } from '../../kit/auth-calls.ts'
import { manualClock } from '../../kit/clock.ts'
import { logIn, startTestAuth } from '../../kit/servers.ts'
import { assertUnavailable } from '../../kit/unavailable.ts'

const path = '/.well-known/jwks.json'
const start = (t: TestContext, environment = {}) =>
  startTestAuth(t, { capabilities: [jwt], environment })

describe('GET /.well-known/jwks.json', () => {
  for (const [algorithm, members] of [
    ['EdDSA', { kty: 'OKP', crv: 'Ed25519' }],
    ['ES256', { kty: 'EC', crv: 'P-256' }],
  ] as const)
    it(`has the public half of a key for ${algorithm}, by its thumbprint, and nothing of the private one`, async (t) => {
      const { url } = await start(t, { JWT_ALG: algorithm })

      const { status, headers, body } = await readAnswer(await fetch(url + path))

      const [key = {}, ...others] = body.keys as jose.JWK[]
      const { kid, x, y, ...rest } = key
      assert.equal(status, 200)
      assert.equal(headers.get('content-type'), 'application/json')
      assert.deepEqual(others, [])
      assert.deepEqual(rest, { ...members, alg: algorithm, use: 'sig' })
      assert.deepEqual(
        [typeof x, typeof y],
        ['string', algorithm === 'ES256' ? 'string' : 'undefined'],
      )
      assert.equal(kid, await jose.calculateJwkThumbprint(key))
    })

  it('may be kept for five minutes, which no other answer may', async (t) => {
    const { url } = await start(t)

    const [set, other] = [await fetch(url + path), await fetch(`${url}/healthz`)]

    assert.equal(set.headers.get('cache-control'), 'public, max-age=300')
    assert.equal(other.headers.get('cache-control'), 'no-store')
  })

  it('is for anyone, and is as it was before a login', async (t) => {
    const { url } = await start(t)
    const before = await (await fetch(url + path)).text()

    await logIn(url)

    assert.equal(await (await fetch(url + path)).text(), before)
  })

  it('is found by jose', async (t) => {
    const { url } = await start(t)
    const set = jose.createRemoteJWKSet(new URL(url + path))

    const { privateKey } = await jose.generateKeyPair('EdDSA')
    const stranger = await new jose.SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA' })
      .sign(privateKey)

    await assert.rejects(jose.jwtVerify(stranger, set), {
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    })
  })

  it('is a 503 that nobody keeps where the keys were not read for a minute', async (t) => {
    const clock = manualClock()
    const asleep = { ...clock, every: () => () => {} }
    const { url } = await startTestAuth(t, { capabilities: [jwt], clock: asleep })
    clock.advance(60_000)

    const response = await fetch(url + path)

    assert.equal(response.headers.get('cache-control'), 'no-store')
    await assertUnavailable(response)
  })
})
