/**
 * A refresh token as its bearer holds it: `sp_f_<subject tag>_<selector>_<secret>`, 84 characters at fixed offsets, so
 * another length than any other token.
 *
 * The selector has 128 random bits and stays the same for a family; the secret has 256 and is new each time. The family
 * is filed under a digest of the selector, which may be known to all (it is the `sid` of access tokens): who knows only
 * that cannot present a selector, hence cannot kill the family by presenting nonsense.
 */
import { hash, randomBytes } from 'node:crypto'
import { subjectTagOf, type TokenHash, type TokenId } from '../../storage/ports.ts'
import type { FamilyPlace } from './refresh-families.ts'

declare const secret: unique symbol
/** The whole token. Whoever has it can renew a login: never logged, never stored. */
export type RefreshToken = string & { readonly [secret]: true }

export const refreshLetter = 'f'
const selectorOffset = 18
const secretOffset = 41
const refreshPattern = /^sp_f_[\w-]{12}_[\w-]{22}_[\w-]{43}$/

/** Whether it looks like one. Says nothing about whether it is good. */
export function isRefreshTokenShape(value: unknown): value is RefreshToken {
  return typeof value === 'string' && refreshPattern.test(value)
}

/** The first of a family. */
export function mintRefreshToken(sub: string): RefreshToken {
  const selector = randomBytes(16).toString('base64url')
  return `sp_f_${subjectTagOf(sub)}_${selector}_${newSecret()}` as RefreshToken
}

/** The one that is to follow in the same family. */
export function followingRefreshToken(token: RefreshToken): RefreshToken {
  return `${token.slice(0, secretOffset)}${newSecret()}` as RefreshToken
}

/** Where its family is filed. */
export function placeOf(token: RefreshToken): FamilyPlace {
  const selector = token.slice(selectorOffset, secretOffset - 1)
  const id = hash('sha256', selector, 'base64url').slice(0, 22) as TokenId
  return { subjectTag: token.slice(5, 17), id }
}

/** Whether it looks like the public id of a family. */
export function isFamilyId(value: string): value is TokenId {
  return /^[\w-]{22}$/.test(value)
}

/** Where the family of an access token is filed. */
export function placeOfSession({ sub, sid }: { sub: string; sid: string }): FamilyPlace {
  return { subjectTag: subjectTagOf(sub), id: sid as TokenId }
}

/** All that a store sees of the token itself. */
export function hashOf(token: RefreshToken): TokenHash {
  return hash('sha256', token, 'base64url') as TokenHash
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}
