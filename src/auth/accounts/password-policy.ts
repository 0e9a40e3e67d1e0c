/**
 * What a password must be, after NIST SP 800-63B-4 §3.1.1.2 and ASVS 5.0 §6.2: long, and not one that is tried first.
 * Any Unicode will do, and nobody has to mix kinds of characters.
 */
import { Refusal, unavailable } from '../../http/refusal.ts'
import { normaliseUsername } from '../usernames.ts'
import { type CommonestPasswords, isCommon } from './commonest-passwords.ts'

/** Refuses with `invalid_request` what may not be a password of the user with this address. */
export type PasswordPolicy = (password: string, username: string) => Promise<void>

export interface PasswordPolicyOptions {
  /** In characters (code points) after NFC, like the longest. */
  readonly minLength: number
  readonly readCommonest: () => Promise<CommonestPasswords>
}

const maxLength = 256
const product = 'sallyport'
/** A shorter local part stands in too many words. */
const shortestLocalPart = 4

export function createPasswordPolicy({
  minLength,
  readCommonest,
}: PasswordPolicyOptions): PasswordPolicy {
  return async (password, username) => {
    const length = Array.from(password.normalize('NFC')).length
    const isText = password.isWellFormed() && !password.includes('\0')
    if (!isText || length < minLength || length > maxLength)
      throw refused(`must have ${minLength} to ${maxLength} characters`)
    const folded = normaliseUsername(password)
    if (tellingParts(username).some((part) => folded.includes(part)))
      throw refused('must not contain your address or the name of this product')
    if (isCommon(folded, await readCommonest().catch(cannotCheck)))
      throw refused('is one of those that are tried first')
  }
}

function cannotCheck(cause: unknown): never {
  throw unavailable('Passwords cannot be checked now.', { cause })
}

function tellingParts(username: string): readonly string[] {
  const address = normaliseUsername(username)
  const [local = ''] = address.split('@')
  return [product, address, ...(local.length >= shortestLocalPart ? [local] : [])]
}

function refused(problem: string): Refusal {
  return new Refusal('invalid_request', `The password ${problem}.`)
}
