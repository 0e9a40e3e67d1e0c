/** Checks access tokens (RFC 9068) by auth's public keys, strictly: what ours do not say, no token may say. */
import type { JWTPayload } from 'jose'
import type { Clock } from '../../clock.ts'
import type { AccessValidation } from '../../validation.ts'
import type { Jose, KeySet, PublicKey } from './key-set.ts'

/** A token that was good when it was checked, and is until `expiresAt` (epoch milliseconds) or until its key goes. */
export interface CheckedToken {
  readonly key: PublicKey
  readonly sub: string
  readonly scope: string
  readonly issuedAt: number
  readonly expiresAt: number
}

export interface AccessTokenDependencies {
  readonly keySet: Pick<KeySet, 'find'>
  readonly jose: Jose
  readonly clock: Pick<Clock, 'now'>
  readonly issuer: string
  /** A token must be for one of them. */
  readonly audiences: readonly string[]
}

const type = 'at+jwt'
/** Between auth's clock and ours. */
const skewMilliseconds = 5_000

/** `undefined` for what is not good. Refuses with 503 where auth's keys cannot be read. */
export type CheckAccessToken = (token: string) => Promise<CheckedToken | undefined>

export function createAccessTokenCheck(dependencies: AccessTokenDependencies): CheckAccessToken {
  const { keySet, jose, clock, issuer, audiences } = dependencies
  return async (token) => {
    const header = readHeader(token)
    const key = header === undefined ? undefined : await keySet.find(header.kid)
    if (key === undefined || key.algorithm !== header?.alg) return undefined
    const now = clock.now()
    const claims = await jose
      .jwtVerify(token, key.key, {
        algorithms: [key.algorithm],
        typ: type,
        issuer,
        audience: [...audiences],
        requiredClaims: ['exp', 'iat'],
        currentDate: new Date(now),
      })
      .then(({ payload }) => payload)
      .catch(() => undefined)
    const checked = claims === undefined ? undefined : readClaims(claims, key)
    return checked !== undefined && checked.issuedAt <= now + skewMilliseconds ? checked : undefined
  }
}

export function toValidation(
  { sub, scope, issuedAt, expiresAt }: CheckedToken,
  now: number,
): AccessValidation {
  return {
    authenticated: true,
    sub,
    scope,
    purpose: 'access',
    issued_at: Math.floor(issuedAt / 1000),
    expires_in: Math.floor((expiresAt - now) / 1000),
  }
}

/** Of a header with no key of its own, no address of one and nothing critical (RFC 8725 §3). */
function readHeader(token: string): { readonly alg: string; readonly kid: string } | undefined {
  const [encoded = ''] = token.split('.', 1)
  const { alg, typ, kid, ...others } = parseObject(
    Buffer.from(encoded, 'base64url').toString('utf8'),
  )
  const isOurs = typ === type && Object.keys(others).length === 0
  return isOurs && typeof alg === 'string' && typeof kid === 'string' ? { alg, kid } : undefined
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown> // whatever it is, it has no such fields or has them
  } catch {
    return {}
  }
}

/** `undefined` where one of auth's is missing, also of those that are of no use here: then somebody else has its key. */
function readClaims(claims: JWTPayload, key: PublicKey): CheckedToken | undefined {
  const { sub, sid, client_id: clientId, scope, jti, iat, exp } = claims
  if ([sid, clientId, jti].some((one) => typeof one !== 'string')) return undefined
  if (typeof sub !== 'string' || typeof scope !== 'string') return undefined
  if (iat === undefined || exp === undefined) return undefined
  return { key, sub, scope, issuedAt: iat * 1000, expiresAt: exp * 1000 }
}
