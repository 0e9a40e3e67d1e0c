/** Access tokens: JWTs after RFC 9068, which say themselves whose they are, and for how long. Nothing personal is in one. */
import type { JWTPayload } from 'jose'
import { accessTokenType, readHeader } from './access-header.ts'
import type { Jose } from './key-pairs.ts'
import type { KeyRing } from './key-ring.ts'
import { accessLifetimeSeconds } from './key-times.ts'

export interface AccessTokens {
  /** Signs. `expiresInSeconds` is 300. Rejects with a 503 where the keys cannot be read. */
  mint(request: AccessRequest): Promise<MintedAccess>
  /**
   * The claims of one that we signed and that has not expired; `undefined` for anything else, never an error for what a
   * client sent. Says nothing about whether its family lives. Rejects with a 503 where the keys cannot be read.
   */
  verify(token: string): Promise<AccessClaims | undefined>
}

export interface AccessRequest {
  /** A user's id. */
  readonly sub: string
  /** Of the family. */
  readonly sid: string
  readonly clientId: string
  /** Space-separated. May be empty. */
  readonly scope: string
}

export interface MintedAccess {
  readonly token: string
  readonly expiresInSeconds: number
}

export interface AccessClaims extends AccessRequest {
  /** Different for each token. */
  readonly jti: string
  /** Epoch milliseconds, of whole seconds. */
  readonly issuedAt: number
  /** At this very instant it is dead. */
  readonly expiresAt: number
}

export interface AccessTokenDependencies {
  readonly jose: Jose
  readonly keys: Pick<KeyRing, 'now' | 'current' | 'find'>
  readonly issuer: string
  readonly audiences: readonly string[]
  /** Random, different each time. */
  readonly createId: () => string
}

/** Of a token from an auth whose idea of the store's clock is a little ahead of ours. */
const skewMilliseconds = 5_000

export function createAccessTokens({
  jose,
  keys,
  issuer,
  audiences,
  createId,
}: AccessTokenDependencies): AccessTokens {
  return {
    async mint({ sub, sid, clientId, scope }) {
      const { kid, algorithm, privateKey } = keys.current()
      const issuedAt = Math.floor(keys.now() / 1000)
      const token = await new jose.SignJWT({ sid, client_id: clientId, scope })
        .setProtectedHeader({ alg: algorithm, typ: accessTokenType, kid })
        .setIssuer(issuer)
        .setAudience(audienceOf(audiences))
        .setSubject(sub)
        .setJti(createId())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + accessLifetimeSeconds)
        .sign(privateKey)
      return { token, expiresInSeconds: accessLifetimeSeconds }
    },

    async verify(token) {
      const header = readHeader(token)
      const key = header === undefined ? undefined : await keys.find(header.kid)
      if (key === undefined || header?.alg !== key.algorithm) return undefined
      const now = keys.now()
      const claims = await jose
        .jwtVerify(token, key.publicKey, {
          algorithms: [key.algorithm],
          typ: accessTokenType,
          issuer,
          audience: [...audiences],
          requiredClaims: ['exp', 'iat'],
          currentDate: new Date(now),
        })
        .then(({ payload }) => payload)
        .catch(() => undefined)
      const read = claims === undefined ? undefined : readClaims(claims)
      return read !== undefined && read.issuedAt <= now + skewMilliseconds ? read : undefined
    },
  }
}

function audienceOf(audiences: readonly string[]): string | string[] {
  const [first, ...others] = audiences
  return first !== undefined && others.length === 0 ? first : [...audiences]
}

/** `undefined` where one of ours is missing: then somebody else has our key. */
function readClaims(claims: JWTPayload): AccessClaims | undefined {
  const { sub, sid, client_id: clientId, scope, jti, iat, exp } = claims
  if (typeof sub !== 'string' || typeof sid !== 'string' || typeof clientId !== 'string')
    return undefined
  if (typeof scope !== 'string' || typeof jti !== 'string') return undefined
  if (iat === undefined || exp === undefined) return undefined
  return { sub, sid, clientId, scope, jti, issuedAt: iat * 1000, expiresAt: exp * 1000 }
}
