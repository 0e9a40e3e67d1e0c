/** What a login for JWTs and a refresh answer. */
import { count, literal, object, type TypeOf, text } from '../../http/shape.ts'
import { remainingSeconds } from '../lifetimes.ts'
import type { MintedAccess } from './access-tokens.ts'
import type { LivingFamily } from './refresh-families.ts'
import type { RefreshToken } from './refresh-token.ts'

export const refreshAnswer = object({
  access_token: text(),
  refresh_token: text(),
  token_type: literal('Bearer'),
  expires_in: count(),
  refresh_expires_in: count(),
})
export type RefreshAnswer = TypeOf<typeof refreshAnswer>

/** Where the family ends before the access token would, that ends with it. */
export function answerOf(
  access: MintedAccess,
  refreshToken: RefreshToken,
  family: LivingFamily,
): RefreshAnswer {
  const refreshExpiresIn = remainingSeconds(family)
  return {
    access_token: access.token,
    refresh_token: refreshToken,
    token_type: 'Bearer',
    expires_in: Math.min(access.expiresInSeconds, refreshExpiresIn),
    refresh_expires_in: refreshExpiresIn,
  }
}
