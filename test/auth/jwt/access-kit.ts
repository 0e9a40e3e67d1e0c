/** Access tokens on keys in memory and a clock that stands still, and what others make of them. */
import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import * as jose from 'jose'
import { type AccessRequest, createAccessTokens } from '../../../src/auth/jwt/access-tokens.ts'
import type { JwtValues } from '../../../src/auth/jwt/jwt-variables.ts'
import { createKeyPairs, type KeyPairs } from '../../../src/auth/jwt/key-pairs.ts'
import { type KeyRing, openKeyRing } from '../../../src/auth/jwt/key-ring.ts'
import { createKeySealing } from '../../../src/auth/jwt/sealing.ts'
import { memorySigningKeys } from '../../../src/auth/jwt/signing-keys-memory.ts'
import { manualClock } from '../../kit/clock.ts'
import { recordedLog } from '../../kit/log.ts'

export const values: JwtValues = {
  ISSUER: 'https://auth.example',
  AUDIENCE: ['business'],
  JWT_ALG: 'EdDSA',
  KEY_ENCRYPTION_SECRET: undefined,
}

export const request: AccessRequest = {
  sub: '0d1f3d3e-6b1c-4f0e-9d0a-0a5b1c2d3e4f',
  sid: 'a-family',
  clientId: 'web',
  scope: 'posts:read posts:write',
}

/** With the variables of `values`, unless told otherwise. */
export async function openTestAccess(given: Partial<JwtValues> = {}) {
  const { ISSUER, AUDIENCE, JWT_ALG, KEY_ENCRYPTION_SECRET } = { ...values, ...given }
  const clock = manualClock()
  const log = recordedLog()
  const keys = memorySigningKeys(clock)
  const sealing = createKeySealing(KEY_ENCRYPTION_SECRET ?? 'any')
  const { pairs, opened } = watchedPairs(createKeyPairs({ jose, sealing }))
  await keys.begin(await pairs.make(JWT_ALG))
  const ring = await openKeyRing({ keys, pairs, clock, log })
  ring.startReading()
  const accessTokens = createAccessTokens({
    jose,
    keys: ring,
    issuer: ISSUER,
    audiences: AUDIENCE,
    createId: randomUUID,
  })
  /** What time brings to be done is done when it resolves. */
  const pass = async (milliseconds: number) => {
    clock.advance(milliseconds)
    await opened()
  }
  const mint = async (one: AccessRequest = request) => (await accessTokens.mint(one)).token
  return { keys, pairs, ring, accessTokens, clock, log, pass, mint }
}

/** To open a key takes a thread its time. */
function watchedPairs(pairs: KeyPairs) {
  const opening = new Set<Promise<unknown>>()
  const watched: KeyPairs = {
    make: (algorithm) => pairs.make(algorithm),
    async open(key) {
      const promise = pairs.open(key)
      opening.add(promise)
      return await promise.finally(() => void opening.delete(promise))
    },
  }
  async function opened(): Promise<void> {
    do {
      await setImmediate()
      await Promise.all(opening)
      await setImmediate()
    } while (opening.size > 0)
  }
  return { pairs: watched, opened }
}

export type TestAccess = Awaited<ReturnType<typeof openTestAccess>>

/** The set as others get it. */
export function keySetOf(ring: Pick<KeyRing, 'published'>): jose.JSONWebKeySet {
  const keys = ring.published().map(({ publicJwk }) => publicJwk)
  return JSON.parse(JSON.stringify({ keys })) as jose.JSONWebKeySet // it is one
}

/** What a guarded server makes of a token, with nothing but a set of keys and jose. Rejects what is not good. */
export async function verifyElsewhere(
  token: string,
  keySet: jose.JSONWebKeySet,
  now: number,
): Promise<jose.JWTVerifyResult> {
  return await jose.jwtVerify(token, jose.createLocalJWKSet(keySet), {
    issuer: values.ISSUER,
    audience: 'business',
    typ: 'at+jwt',
    algorithms: ['EdDSA', 'ES256'],
    requiredClaims: ['exp', 'sub', 'client_id', 'jti', 'iat', 'sid'],
    currentDate: new Date(now),
  })
}
