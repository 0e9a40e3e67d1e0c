/**
 * What never changes of a token, as the one text that stores outside this process keep of it. JSON escapes what their
 * texts could not hold: a NUL, half a surrogate pair.
 */
import type { LivingToken, NewToken, Purpose, TokenId } from './ports.ts'

export type Fields = readonly [
  id: TokenId,
  sub: string,
  name: string,
  scope: string,
  context: string,
]

/** What the store adds, by its own clock. Epoch milliseconds. */
export type Times = Pick<
  LivingToken,
  'issuedAt' | 'expiresAt' | 'capAt' | 'refreshCount' | 'judgedAt'
>

export function encodeRecord({ id, sub, name, scope, context }: NewToken): string {
  return JSON.stringify([id, sub, name, scope, context] satisfies Fields)
}

/** `text` must be what `encodeRecord` made. */
export function decodeRecord(text: string, purpose: Purpose, times: Times): LivingToken {
  return toLivingToken(JSON.parse(text) as Fields, purpose, times) // nobody else writes here
}

export function toLivingToken(
  [id, sub, name, scope, context]: Fields,
  { name: purpose }: Purpose,
  { issuedAt, expiresAt, capAt, refreshCount, judgedAt }: Times,
): LivingToken {
  return {
    id,
    purpose,
    sub,
    name,
    scope,
    context,
    issuedAt,
    expiresAt,
    capAt,
    refreshCount,
    judgedAt,
  }
}
