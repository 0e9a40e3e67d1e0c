/**
 * A token as its bearer holds it: `sp_<letter>_<subject tag>_<secret>`, 61 characters at fixed offsets.
 *
 * The prefix makes it recognisable in a leak scan. The tag lets a store keep all that concerns one subject in one
 * place. The secret has 256 random bits, so its plain SHA-256 is safe to file: there is nothing to guess.
 */
import { hash, randomBytes } from 'node:crypto'
import {
  type NewToken,
  type Purpose,
  subjectTagOf,
  type TokenHash,
  type TokenId,
  type TokenKey,
} from '../storage/ports.ts'

declare const secret: unique symbol
/** The whole token. Whoever has it is let in: never logged, never stored. */
export type BearerToken = string & { readonly [secret]: true }

const tagOffset = 5
const tagLength = 12
export const tokenLength = 61
const tokenPattern = /^sp_[a-z]_[\w-]{12}_[\w-]{43}$/

/** Whether it looks like one of ours. Says nothing about whether it is good. */
export function isTokenShape(value: unknown): value is BearerToken {
  return typeof value === 'string' && value.length === tokenLength && tokenPattern.test(value)
}

/** Where a store files the token. */
export function keyOf(token: BearerToken): TokenKey {
  return {
    subjectTag: token.slice(tagOffset, tagOffset + tagLength),
    hash: hash('sha256', token, 'base64url') as TokenHash,
  }
}

export interface TokenRequest {
  readonly purpose: Purpose
  readonly sub: string
  readonly name: string
  readonly scope: string
  /** At most 256 bytes of UTF-8. Default: empty. */
  readonly context?: string
  readonly mark: NewToken['mark']
}

const maxContextBytes = 256

/** Makes a fresh token, and what a store is to file of it. */
export function mintToken({ context = '', ...request }: TokenRequest): {
  token: BearerToken
  filed: NewToken
} {
  if (Buffer.byteLength(context) > maxContextBytes)
    throw new RangeError(`a token's context has at most ${maxContextBytes} bytes`)
  const subjectTag = subjectTagOf(request.sub)
  const random = randomBytes(32).toString('base64url')
  const token = `sp_${request.purpose.letter}_${subjectTag}_${random}` as BearerToken
  const id = randomBytes(16).toString('base64url') as TokenId
  return { token, filed: { ...request, context, key: keyOf(token), id } }
}
