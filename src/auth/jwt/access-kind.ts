/** Access tokens as auth sees them: good where the signature is, and its family lives. To ask extends nothing. */
import type { AccessValidation } from '../../validation.ts'
import type { Bearer, Ended, OtherKind } from '../validate-tokens.ts'
import { isAccessTokenShape } from './access-header.ts'
import type { AccessClaims, AccessTokens } from './access-tokens.ts'

/** Whether each of these families lives, in the same order. Changes nothing. Rejects with a 503 where it cannot tell. */
export type PeekFamilies = (
  families: readonly Pick<AccessClaims, 'sub' | 'sid'>[],
) => Promise<readonly boolean[]>

/** Ends a family. `undefined` where it was not alive. */
export type KillFamily = (family: Pick<AccessClaims, 'sub' | 'sid'>) => Promise<Ended | undefined>

export interface AccessKindDependencies {
  readonly accessTokens: Pick<AccessTokens, 'verify'>
  readonly peekFamilies: PeekFamilies
  readonly killFamily: KillFamily
  /** Epoch milliseconds, of the clock that the tokens are judged by. */
  readonly now: () => number
}

export function createAccessKind({
  accessTokens,
  peekFamilies,
  killFamily,
  now,
}: AccessKindDependencies): OtherKind {
  return {
    hasShape: isAccessTokenShape,
    async validate(tokens) {
      const claims = await Promise.all(tokens.map((token) => accessTokens.verify(token)))
      const verified = claims.filter((one) => one !== undefined)
      const alive = verified.length === 0 ? [] : await peekFamilies(verified)
      const living = new Set(verified.filter((_, index) => alive[index] === true))
      return claims.map((one) =>
        one !== undefined && living.has(one) ? toValidation(one, now()) : { authenticated: false },
      )
    },
    async find(token) {
      const claims = await accessTokens.verify(token)
      if (claims === undefined) return undefined
      const [isAlive] = await peekFamilies([claims])
      return isAlive === true ? toBearer(claims) : undefined
    },
    async end(token) {
      const claims = await accessTokens.verify(token)
      return claims && (await killFamily(claims))
    },
  }
}

function toBearer({ sub, sid: id, scope }: AccessClaims): Bearer {
  return { id, sub, scope }
}

function toValidation(
  { sub, scope, issuedAt, expiresAt }: AccessClaims,
  at: number,
): AccessValidation {
  return {
    authenticated: true,
    sub,
    scope,
    purpose: 'access',
    issued_at: issuedAt / 1000,
    expires_in: Math.max(0, Math.floor((expiresAt - at) / 1000)),
  }
}
