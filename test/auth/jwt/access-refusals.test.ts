/** What attackers have tried on JWTs. Where it matters, all else about a token is right, and it is signed by the true key. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as jose from 'jose'
import { openTestAccess, request, type TestAccess } from './access-kit.ts'

type Fields = Readonly<Record<string, unknown>>
type Forge = (access: TestAccess) => Promise<string> | string

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function rightHeader({ ring }: TestAccess) {
  return { alg: 'EdDSA', typ: 'at+jwt', kid: ring.current().kid }
}

function rightClaims({ clock }: TestAccess): Fields {
  const iat = clock.now() / 1000
  const { sub, sid, clientId, scope } = request
  const aud = 'business'
  const own = { sub, sid, client_id: clientId, scope }
  return { iss: 'https://auth.example', aud, ...own, jti: 'x', iat, exp: iat + 300 }
}

/** By the true key, with these changes. What is changed to `undefined` is left out. */
async function forge(
  access: TestAccess,
  { header = {}, claims = {} }: Partial<Record<'header' | 'claims', Fields>>,
) {
  const input = `${encode({ ...rightHeader(access), ...header })}.${encode({ ...rightClaims(access), ...claims })}`
  const { privateKey } = access.ring.current()
  const signature = await crypto.subtle.sign('Ed25519', privateKey, Buffer.from(input))
  return `${input}.${Buffer.from(signature).toString('base64url')}`
}

const withHeader =
  (header: Fields): Forge =>
  (access) =>
    forge(access, { header })

const withClaims =
  (claims: (now: number) => Fields): Forge =>
  (access) =>
    forge(access, { claims: claims(access.clock.now() / 1000) })

/** As a library signs that believes the header. */
async function signElsewhere(access: TestAccess, header: Fields, key: jose.KeyInput) {
  const protectedHeader = { ...rightHeader(access), ...header }
  return await new jose.SignJWT(rightClaims(access)).setProtectedHeader(protectedHeader).sign(key)
}

async function withOwnKey(access: TestAccess, header: (jwk: jose.JWK) => Fields) {
  const { privateKey, publicKey } = await jose.generateKeyPair('EdDSA')
  return await signElsewhere(access, header(await jose.exportJWK(publicKey)), privateKey)
}

/** With every hash that HMAC knows, under a text that everybody knows. */
const withHmac =
  (alg: string, secretOf: (access: TestAccess) => Promise<string> | string): Forge =>
  async (access) =>
    await signElsewhere(access, { alg }, Buffer.from((await secretOf(access)).padEnd(64, '\n')))

const spki = ({ ring }: TestAccess) => jose.exportSPKI(ring.current().publicKey)
const jwk = ({ ring }: TestAccess) => JSON.stringify(ring.current().publicJwk)

/** The parts of a good one. */
const parts = async (access: TestAccess) =>
  (await access.mint()).split('.') as [string, string, string]

const forgeries: readonly (readonly [attack: string, forge: Forge])[] = [
  [
    'alg none, without a signature',
    (access) =>
      `${encode({ ...rightHeader(access), alg: 'none' })}.${encode(rightClaims(access))}.`,
  ],
  [
    'alg none, with the signature of a good one',
    async (access) => {
      const [, , signature] = await parts(access)
      return `${encode({ ...rightHeader(access), alg: 'none' })}.${encode(rightClaims(access))}.${signature}`
    },
  ],
  ['alg NONE', withHeader({ alg: 'NONE' })],
  ['HS256 with the public key in PEM', withHmac('HS256', spki)],
  ['HS256 with the public key as a JWK', withHmac('HS256', jwk)],
  ['HS512 with the public key in PEM', withHmac('HS512', spki)],
  [
    'the alg of another key than the kid names',
    async (access) => {
      const { privateKey } = await jose.generateKeyPair('ES256')
      return await signElsewhere(access, { alg: 'ES256' }, privateKey)
    },
  ],
  ['another name for the alg', withHeader({ alg: 'Ed25519' })],
  ['no alg', withHeader({ alg: undefined })],
  ['a key of its own under our kid', (access) => withOwnKey(access, () => ({}))],
  ['a key of its own in the header', (access) => withOwnKey(access, (own) => ({ jwk: own }))],
  [
    'a key of its own in the header, named by its own thumbprint',
    (access) => withOwnKey(access, (own) => ({ jwk: own, kid: 'own' })),
  ],
  ['an address of keys', (access) => withOwnKey(access, () => ({ jku: 'https://evil.example' }))],
  ['an address of a certificate', withHeader({ x5u: 'https://evil.example' })],
  ['a certificate', withHeader({ x5c: ['MII='] })],
  [
    'our own key in the header',
    (access) => forge(access, { header: { jwk: access.ring.current().publicJwk } }),
  ],
  ['something critical', withHeader({ crit: ['b64'], b64: true })],
  ['a header that ours have not', withHeader({ cty: 'JWT' })],
  ['the typ of an ID token', withHeader({ typ: 'JWT' })],
  ['the typ in capitals', withHeader({ typ: 'AT+JWT' })],
  ['no typ', withHeader({ typ: undefined })],
  ['an unknown kid', withHeader({ kid: 'unknown' })],
  ['a kid that is the name of a prototype', withHeader({ kid: '__proto__' })],
  ['a kid that is a number', withHeader({ kid: 1 })],
  ['no kid', withHeader({ kid: undefined })],
  ['another issuer', withClaims(() => ({ iss: 'https://evil.example' }))],
  ['our issuer with a slash more', withClaims(() => ({ iss: 'https://auth.example/' }))],
  ['no issuer', withClaims(() => ({ iss: undefined }))],
  ['another audience', withClaims(() => ({ aud: 'posts' }))],
  ['an empty list of audiences', withClaims(() => ({ aud: [] }))],
  ['no audience', withClaims(() => ({ aud: undefined }))],
  ['no exp', withClaims(() => ({ exp: undefined }))],
  ['an exp that is a text', withClaims((now) => ({ exp: String(now + 300) }))],
  ['an exp that is now', withClaims((now) => ({ exp: now }))],
  ['an exp that has no end', withClaims(() => ({ exp: null }))],
  ['a nbf in the future', withClaims((now) => ({ nbf: now + 1 }))],
  ['a nbf that is a text', withClaims(() => ({ nbf: '0' }))],
  ['an iat in the future', withClaims((now) => ({ iat: now + 6 }))],
  ['no iat', withClaims(() => ({ iat: undefined }))],
  ['no sub', withClaims(() => ({ sub: undefined }))],
  ['a sub that is a number', withClaims(() => ({ sub: 1 }))],
  ['no sid', withClaims(() => ({ sid: undefined }))],
  ['a sid that is a list', withClaims(() => ({ sid: ['a-family'] }))],
  ['no client_id', withClaims(() => ({ client_id: undefined }))],
  ['no scope', withClaims(() => ({ scope: undefined }))],
  ['a scope that is a list', withClaims(() => ({ scope: ['posts:read'] }))],
  ['no jti', withClaims(() => ({ jti: undefined }))],
  ['a jti that is a number', withClaims(() => ({ jti: 1 }))],
  [
    'other claims under the signature of a good one',
    async (access) => {
      const [header, , signature] = await parts(access)
      return `${header}.${encode({ ...rightClaims(access), sub: 'somebody else' })}.${signature}`
    },
  ],
  [
    'another header over the signature of a good one',
    async (access) => {
      const [, payload, signature] = await parts(access)
      return `${encode({ kid: access.ring.current().kid, alg: 'EdDSA', typ: 'at+jwt' })}.${payload}.${signature}`
    },
  ],
  ['a part less', async (access) => (await parts(access)).slice(0, 2).join('.')],
  ['a part more', async (access) => `${await access.mint()}.e30`],
  ['a space before it', async (access) => ` ${await access.mint()}`],
  ['a newline behind it', async (access) => `${await access.mint()}\n`],
  ['a header that is null', () => `${encode(null)}.e30.AAAA`],
  ['a header that is a list', () => `${encode(['EdDSA'])}.e30.AAAA`],
  ['a header that is no JSON', () => 'AAAA.e30.AAAA'],
  [
    'claims that are no JSON',
    async (access) => {
      const input = `${encode(rightHeader(access))}.AAAA`
      const { privateKey } = access.ring.current()
      const signature = await crypto.subtle.sign('Ed25519', privateKey, Buffer.from(input))
      return `${input}.${Buffer.from(signature).toString('base64url')}`
    },
  ],
  ['more than anybody reads', withClaims(() => ({ jti: 'x'.repeat(4_096) }))],
  ['a session token', () => `sp_s_${'a'.repeat(12)}_${'b'.repeat(43)}`],
  ['nothing', () => ''],
  ['dots', () => '..'],
]

describe('an access token is refused that has', () => {
  for (const [attack, make] of forgeries)
    it(attack, async () => {
      const access = await openTestAccess()
      const forged = await make(access)

      const claims = await access.accessTokens.verify(forged)

      assert.equal(claims, undefined)
      assert.doesNotMatch(access.log.text(), /error/)
    })

  it('a piece of its end missing, wherever it was cut', async () => {
    const { accessTokens, mint } = await openTestAccess()
    const token = await mint()
    const cuts = Array.from(token, (_, length) => token.slice(0, length))

    const claims = await Promise.all(cuts.map((cut) => accessTokens.verify(cut)))

    assert.deepEqual(
      claims.filter((one) => one !== undefined),
      [],
    )
  })
})

describe('an access token is taken that has', () => {
  it('none of these: it is what the others are made from', async () => {
    const access = await openTestAccess()

    const claims = await access.accessTokens.verify(await forge(access, {}))

    assert.equal(claims?.sub, request.sub)
  })

  it('an iat that is a little ahead: auths do not read the clock at the same instant', async () => {
    const access = await openTestAccess()
    const iat = access.clock.now() / 1000 + 5

    const claims = await access.accessTokens.verify(await forge(access, { claims: { iat } }))

    assert.equal(claims?.issuedAt, iat * 1000)
  })
})
