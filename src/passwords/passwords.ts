/**
 * Making and checking password hashes, so that the work never tells who exists: whatever is presented, at least one
 * derivation with the configured parameters is made. A weak old hash costs its own derivation and the full one.
 */
import type { PasswordHash } from '../storage/ports.ts'
import {
  type DeriveKey,
  isWeaker,
  makePhc,
  matchesPhc,
  parsePhc,
  type ScryptParameters,
  unmatchableHash,
} from './phc.ts'
import type { Queue } from './queue.ts'

/** In characters (code points) after NFC. */
const maxPasswordLength = 256

export interface Passwords {
  /** A hash to store. Throws a `RangeError` for what `check` would never let in. */
  hash(password: string): Promise<PasswordHash>
  /** Does the full work and is false where nothing is stored, and for a password that is empty, over-long or holds a NUL. */
  check(password: string, stored: PasswordHash | undefined): Promise<PasswordVerdict>
}

export interface PasswordVerdict {
  readonly matches: boolean
  /** Where the password matches a hash weaker than configured: a stronger one, to be stored in its place. */
  readonly stronger: PasswordHash | undefined
}

export interface PasswordDependencies {
  readonly parameters: ScryptParameters
  readonly queue: Queue
  readonly deriveKey: DeriveKey
}

export function createPasswords({ parameters, queue, deriveKey }: PasswordDependencies): Passwords {
  const nobodys = unmatchableHash(parameters)

  async function check(
    password: string,
    stored: PasswordHash | undefined,
  ): Promise<PasswordVerdict> {
    const { bytes, isAcceptable } = prepare(password)
    const parsed = stored === undefined ? nobodys : parsePhc(stored)
    const isMatch = await matchesPhc(bytes, parsed, deriveKey)
    const isWeak = isWeaker(parsed.parameters, parameters)
    const stronger = isWeak ? await makePhc(bytes, parameters, deriveKey) : undefined
    const matches = isMatch && isAcceptable && stored !== undefined
    return { matches, stronger: matches ? stronger : undefined }
  }

  return {
    async hash(password) {
      const { bytes, isAcceptable } = prepare(password)
      if (!isAcceptable) throw new RangeError('this cannot be a password')
      return await queue(() => makePhc(bytes, parameters, deriveKey))
    },
    check: (password, stored) => queue(() => check(password, stored)),
  }
}

/**
 * NFC, so that one password typed on two keyboards is one; then UTF-8. Never trimmed, never cut. A NUL is not
 * acceptable: the HMAC within scrypt pads with NULs, so a password and the same with NULs behind it are one to it.
 */
function prepare(password: string): { bytes: Buffer; isAcceptable: boolean } {
  const composed = password.normalize('NFC')
  const isAcceptable =
    composed !== '' &&
    !composed.includes('\0') &&
    (composed.length <= maxPasswordLength || Array.from(composed).length <= maxPasswordLength)
  return { bytes: Buffer.from(composed, 'utf8'), isAcceptable }
}
