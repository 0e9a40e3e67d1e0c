import { type DeriveKey, deriveByScrypt, type ScryptParameters } from '../../src/passwords/phc.ts'

/** What a derivation costs depends on these. */
export interface Derivation extends ScryptParameters {
  readonly saltBytes: number
  readonly length: number
}

/** Real scrypt that remembers what was asked of it. */
export function countedDerivations(): {
  readonly deriveKey: DeriveKey
  /** All since the last call of this. */
  takeAll(): readonly Derivation[]
} {
  let made: Derivation[] = []
  return {
    async deriveKey(password, salt, parameters, length) {
      made.push({ ...parameters, saltBytes: salt.length, length })
      return await deriveByScrypt(password, salt, parameters, length)
    },
    takeAll() {
      const all = made
      made = []
      return all
    },
  }
}
