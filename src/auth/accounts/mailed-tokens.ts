/** Tokens that came by mail and are sent back in a body. */
import { Refusal } from '../../http/refusal.ts'
import type { LivingToken, SingleUsePurpose, TokenStore } from '../../storage/ports.ts'
import { isTokenShape, keyOf } from '../../tokens/token.ts'
import { addressDigest } from '../mailed-address.ts'

export interface MailedTokens {
  /** Whose it is, without using it up. Refuses with `invalid_grant` one that is not alive. */
  peek(token: string, purpose: SingleUsePurpose): Promise<LivingToken>
  /** The same, and uses it up: of simultaneous takers one gets it. */
  take(token: string, purpose: SingleUsePurpose): Promise<LivingToken>
}

export function createMailedTokens(tokens: Pick<TokenStore, 'peek' | 'take'>): MailedTokens {
  return {
    async peek(token, purpose) {
      return living(isTokenShape(token) ? await tokens.peek(keyOf(token), purpose) : undefined)
    },
    async take(token, purpose) {
      return living(isTokenShape(token) ? await tokens.take(keyOf(token), purpose) : undefined)
    },
  }
}

/** Refuses a token that went to another address: whoever has it has shown nothing about this one. */
export function checkWentTo({ context }: LivingToken, address: string): void {
  if (context !== addressDigest(address)) throw deadToken()
}

/** One refusal for every reason. */
export function deadToken(): Refusal {
  return new Refusal('invalid_grant', 'The token is unknown, used or no longer alive.')
}

function living(found: LivingToken | undefined): LivingToken {
  if (found === undefined) throw deadToken()
  return found
}
