import { Refusal } from '../http/refusal.ts'
import type { Bearer } from './validate-tokens.ts'

/** Refuses a token that is good, but may not do this (RFC 6750 §3.1). */
export function checkScope({ scope }: Pick<Bearer, 'scope'>, wanted: string): void {
  if (scope.split(' ').includes(wanted)) return
  throw new Refusal('insufficient_scope', 'This token may not do this.')
}
