/**
 * Checks JWTs here, and asks auth about all other tokens. A token is verified once and then remembered until it expires,
 * as long as its key is good: verifying costs more than all else that a request needs.
 */
import type { Clock } from '../../clock.ts'
import type { AccessValidation } from '../../validation.ts'
import { deadToken, type Validate } from '../validator.ts'
import { type CheckAccessToken, type CheckedToken, toValidation } from './access-tokens.ts'
import type { KeySet } from './key-set.ts'

export interface LocalValidatorDependencies {
  readonly ask: Validate
  readonly check: CheckAccessToken
  readonly keySet: Pick<KeySet, 'isGood'>
  readonly clock: Pick<Clock, 'now'>
  /** How many tokens are remembered. Where there are more, those that came first are verified again. */
  readonly maxRemembered: number
}

/** Longer ones are none of auth's, which have a few hundred characters. */
const maxLength = 4_096

export function createLocalValidator({
  ask,
  check,
  keySet,
  clock,
  maxRemembered,
}: LocalValidatorDependencies): Validate {
  const remembered = new Map<string, CheckedToken>()

  function recall(token: string, now: number): CheckedToken | undefined {
    const checked = remembered.get(token)
    if (checked === undefined) return undefined
    if (now < checked.expiresAt && keySet.isGood(checked.key)) return checked
    remembered.delete(token)
    return undefined
  }

  function remember(token: string, checked: CheckedToken): void {
    remembered.set(token, checked)
    if (remembered.size <= maxRemembered) return
    for (const oldest of remembered.keys()) {
      remembered.delete(oldest)
      return
    }
  }

  async function verify(token: string): Promise<AccessValidation> {
    const checked = await check(token)
    const now = clock.now()
    if (checked === undefined || now >= checked.expiresAt) throw deadToken()
    remember(token, checked)
    return toValidation(checked, now)
  }

  return (token, call) => {
    const now = clock.now()
    const known = recall(token, now)
    // What is remembered had the shape of a JWT, and is by far the most that comes.
    if (known !== undefined) return Promise.resolve(toValidation(known, now))
    return hasJwtShape(token) ? verify(token) : ask(token, call)
  }
}

function hasJwtShape(token: string): boolean {
  return token.length <= maxLength && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)
}
