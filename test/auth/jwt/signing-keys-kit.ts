/** What the cases of the contract of signing keys share. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type {
  NewSigningKey,
  RotationTimes,
  SigningKey,
  SigningKeys,
} from '../../../src/auth/jwt/signing-keys.ts'
import type { Case } from '../../storage/contract.ts'

export interface OpenedSigningKeys {
  readonly keys: SigningKeys
  /** Lets at least this much of the store's time go by. */
  readonly pass: (milliseconds: number) => Promise<void>
}

export type SigningKeysCase = Case<OpenedSigningKeys>

/** These outlive every test. */
export const long: RotationTimes = {
  publishedBeforeMilliseconds: 600_000,
  publishedAfterMilliseconds: 360_000,
}

/** These end while a test waits. */
export const brief: RotationTimes = {
  publishedBeforeMilliseconds: 150,
  publishedAfterMilliseconds: 150,
}

export const callers = Array.from({ length: 16 }, (_, index) => index)

/** A key as far as a store is concerned. */
export function newKey(): NewSigningKey {
  return {
    kid: randomBytes(32).toString('base64url'),
    sealed: randomBytes(99).toString('base64url'),
  }
}

/** Files a first key. */
export async function begun(keys: SigningKeys): Promise<NewSigningKey> {
  const key = newKey()
  assert.equal(await keys.begin(key), true)
  return key
}

export async function kidsOf(keys: Pick<SigningKeys, 'read'>): Promise<readonly string[]> {
  return (await keys.read()).keys.map(({ kid }) => kid)
}

/** One after the other, without a gap, and one last. */
export function assertIsLine(keys: readonly SigningKey[]): void {
  for (const [index, key] of keys.entries())
    assert.equal(key.retiredAt, keys[index + 1]?.currentAt, `the end of key ${index}`)
}
