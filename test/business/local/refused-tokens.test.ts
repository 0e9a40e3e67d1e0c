import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { exportJWK, exportSPKI, SignJWT } from 'jose'
import { audience, issuer, type Key, makeKey, sign, startLocal } from './key-pairs.ts'

type Forge = (key: Key, now: number) => Promise<string>

const seconds = (now: number) => Math.floor(now / 1000)
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claiming =
  (claims: Readonly<Record<string, unknown>>): Forge =>
  (key, now) =>
    sign(key, now, { claims })
const heading =
  (header: Readonly<Record<string, unknown>>): Forge =>
  (key, now) =>
    sign(key, now, { header })
const withHeader =
  (header: string): Forge =>
  async (key, now) => {
    const [, claims, signature] = (await sign(key, now)).split('.')
    return [header, claims, signature].join('.')
  }

const forgeries: Readonly<Record<string, Forge>> = {
  'no algorithm': async ({ kid }, now) => {
    const claims = { iss: issuer, aud: audience, sub: 'x', scope: '' }
    const times = { iat: seconds(now), exp: seconds(now) + 300 }
    const header = { alg: 'none', typ: 'at+jwt', kid }
    return `${base64url(header)}.${base64url({ ...claims, ...times })}.AA`
  },
  'the public key as a shared secret': async ({ kid, publicKey }, now) =>
    await new SignJWT({ scope: '' })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject('x')
      .setIssuedAt(seconds(now))
      .setExpirationTime(seconds(now) + 300)
      .sign(new TextEncoder().encode(await exportSPKI(publicKey))),
  'another key under the same name': async ({ kid }, now) =>
    await sign({ ...(await makeKey()), kid }, now),
  'a key that nobody published': async (_, now) => await sign(await makeKey(), now),
  'a key that it brings itself': async (_, now) => {
    const own = await makeKey()
    return await sign(own, now, { header: { jwk: await exportJWK(own.publicKey) } })
  },
  'a key beside ours': async (key, now) =>
    await sign(key, now, { header: { jwk: await exportJWK(key.publicKey) } }),
  'the address of a key': heading({ jku: 'https://evil.test/keys' }),
  'the address of a certificate': heading({ x5u: 'https://evil.test/certificate' }),
  'another type': heading({ typ: 'JWT' }),
  'a type in capitals': heading({ typ: 'AT+JWT' }),
  'a header that ours have not': heading({ cty: 'JWT' }),
  'no type': heading({ typ: undefined }),
  'no name of a key': heading({ kid: undefined }),
  'a number for the name of a key': heading({ kid: 1 }),
  'a header that is no JSON': withHeader('e30x'),
  'a header that is null': withHeader(base64url(null)),
  'a header that is a list': withHeader(base64url([])),
  'another issuer': claiming({ iss: 'https://other.example' }),
  'no issuer': claiming({ iss: undefined }),
  'an issuer that only begins like ours': claiming({ iss: `${issuer}/` }),
  'another audience': claiming({ aud: 'other' }),
  'an empty list of audiences': claiming({ aud: [] }),
  'no audience': claiming({ aud: undefined }),
  'no expiry': claiming({ exp: undefined }),
  'an expiry that is no instant': claiming({ exp: '9999999999' }),
  'an expiry that has come': (key, now) => sign(key, now - 300_000),
  'a beginning that has not come': (key, now) =>
    sign(key, now, { claims: { nbf: seconds(now) + 60 } }),
  'an issue that has not come': (key, now) => sign(key, now + 60_000),
  'a beginning that is no instant': claiming({ nbf: '0' }),
  'no instant of issue': claiming({ iat: undefined }),
  'no subject': claiming({ sub: undefined }),
  'a subject that is no text': claiming({ sub: 1 }),
  'no family': claiming({ sid: undefined }),
  'a family that is a list': claiming({ sid: ['family-1'] }),
  'no client': claiming({ client_id: undefined }),
  'no id': claiming({ jti: undefined }),
  'an id that is no text': claiming({ jti: 1 }),
  'no scope': claiming({ scope: undefined }),
  'a scope that is no text': claiming({ scope: ['data:read'] }),
  'a changed claim': async (key, now) => {
    const [header, claims = '', signature] = (await sign(key, now)).split('.')
    const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), sub: 'other' }
    return [header, base64url(changed), signature].join('.')
  },
  'a cut signature': async (key, now) => (await sign(key, now)).slice(0, -2),
}

describe('business that checks JWTs itself refuses a token with', () => {
  for (const [what, forge] of Object.entries(forgeries)) {
    it(what, async (t) => {
      const key = await makeKey()
      const { ask, auth, clock } = await startLocal(t, [key])

      const answered = await ask(await forge(key, clock.now()))

      assert.deepEqual(answered, { status: 401, error: 'invalid_token' })
      assert.deepEqual(auth.lists(), [])
    })
  }

  it('more characters than any of ours, before it is verified', async (t) => {
    const key = await makeKey()
    const { ask, clock, fetches } = await startLocal(t, [key])

    const long = await sign(key, clock.now(), { claims: { more: 'x'.repeat(4_000) } })

    assert.equal((await ask(long)).status, 401)
    assert.equal(fetches(), 0)
  })
})
