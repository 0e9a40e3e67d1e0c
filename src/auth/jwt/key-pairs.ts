/** Makes and opens the pairs of keys that sign. Only the private half is kept: it has the public one in it, and cannot be given another. */
import type { CryptoKey, JWK } from 'jose'
import { withDriver } from '../../storage/with-driver.ts'
import type { Sealing } from './sealing.ts'
import type { NewSigningKey } from './signing-keys.ts'

export const algorithms = ['EdDSA', 'ES256'] as const
/** As `alg` says it: Ed25519 (RFC 8037), or ECDSA on P-256 (RFC 7518). */
export type Algorithm = (typeof algorithms)[number]

export interface KeyPair {
  readonly kid: string
  /** The only one that it signs by, and is verified by. */
  readonly algorithm: Algorithm
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  /** As it is published, RFC 7517. */
  readonly publicJwk: PublicJwk
}

/** `x` and `y` as the curve has them. */
export interface PublicJwk {
  readonly kty: string
  readonly crv: string
  readonly x: string
  readonly y: string | undefined
  readonly kid: string
  readonly alg: Algorithm
  readonly use: string
}

export interface KeyPairs {
  make(algorithm: Algorithm): Promise<NewSigningKey>
  /** `undefined` for what was not sealed by us, under our secret. */
  open(key: NewSigningKey): Promise<KeyPair | undefined>
}

export type Jose = typeof import('jose')

/** Rejects with a `StartError` where it is not installed. */
export async function importJose(): Promise<Jose> {
  return await withDriver('jose', import('jose'))
}

export function isJoseInstalled(): Promise<boolean> {
  return importJose().then(
    () => true,
    () => false,
  )
}

export function createKeyPairs({
  jose,
  sealing,
}: {
  readonly jose: Jose
  readonly sealing: Sealing
}): KeyPairs {
  return {
    async make(algorithm) {
      const { privateKey } = await jose.generateKeyPair(algorithm, { extractable: true })
      const jwk = { ...(await jose.exportJWK(privateKey)), alg: algorithm }
      const kid = await jose.calculateJwkThumbprint(jwk)
      return { kid, sealed: sealing.seal(kid, JSON.stringify(jwk)) }
    },
    async open({ kid, sealed }) {
      const text = sealing.open(kid, sealed)
      if (text === undefined) return undefined
      const { d, ...published } = JSON.parse(text) as JWK // it is what `make` sealed
      const { kty = '', crv = '', x = '', y, alg } = published
      const algorithm = alg as Algorithm
      const privateKey = await jose.importJWK({ ...published, d } as JWK, algorithm)
      const publicKey = await jose.importJWK(published, algorithm)
      return {
        kid,
        algorithm,
        privateKey: privateKey as CryptoKey, // only a symmetric one would be bytes
        publicKey: publicKey as CryptoKey,
        publicJwk: { kty, crv, x, y, kid, alg: algorithm, use: 'sig' },
      }
    },
  }
}
