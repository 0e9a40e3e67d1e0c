/**
 * The public keys of auth, as `/.well-known/jwks.json` publishes them. A set is good for as long as auth lets others keep
 * it, and renewed before; so a key that auth took back stops here within that time. A key that is not in it may be new:
 * then the set is fetched again, though not more often than a cool-down allows, because strangers can invent names.
 */
import type { CryptoKey, JWK } from 'jose'
import type { Clock } from '../../clock.ts'
import { unavailable } from '../../http/refusal.ts'
import { describeError, type Log } from '../../log.ts'
import type { AuthConnection } from '../auth-connection.ts'

export type Jose = Pick<typeof import('jose'), 'importJWK' | 'jwtVerify'>

export interface PublicKey {
  readonly kid: string
  /** The only one that it verifies by. */
  readonly algorithm: string
  readonly key: CryptoKey
}

export interface KeySet {
  /** `undefined` where auth publishes no such key. Refuses with 503 where auth cannot be asked and nothing good is known. */
  find(kid: string): Promise<PublicKey | undefined>
  /** Whether that very key is known to be good now, without asking. */
  isGood(key: PublicKey): boolean
}

export interface KeySetDependencies {
  readonly connection: Pick<AuthConnection, 'get'>
  readonly jose: Jose
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

/** What auth's `Cache-Control` says. In milliseconds. */
const maxAge = 300_000
/** From then on it is renewed in the background. */
const renewAfter = 180_000
/** Between two fetches. */
const coolDown = 5_000
const maxKeys = 100
/** Nothing else signs our tokens: no secret that is shared, and not `none` (RFC 8725 §3.1). */
const algorithms: readonly unknown[] = ['EdDSA', 'Ed25519', 'ES256']

export function createKeySet({ connection, jose, clock, log }: KeySetDependencies): KeySet {
  let keys: ReadonlyMap<string, PublicKey> = new Map()
  let fetchedAt = Number.NEGATIVE_INFINITY
  let triedAt = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> | undefined

  function age(): number {
    // A clock that steps back makes nothing younger.
    return Math.abs(clock.now() - fetchedAt)
  }

  async function fetchKeys(): Promise<void> {
    const askedAt = clock.now()
    triedAt = askedAt
    const { status, text } = await connection.get('/.well-known/jwks.json')
    if (status !== 200) throw new Error(`auth answered ${status} to the request for its keys`)
    keys = await readKeys(text, jose)
    fetchedAt = askedAt
  }

  /** Of simultaneous callers one fetches. */
  function fetchOnce(): Promise<void> {
    fetching ??= fetchKeys().finally(() => {
      fetching = undefined
    })
    return fetching
  }

  function renewInTime(): void {
    if (age() < renewAfter || Math.abs(clock.now() - triedAt) < coolDown) return
    fetchOnce().catch((error: unknown) => {
      log.warn('the keys of auth were not renewed', { error: describeError(error) })
    })
  }

  return {
    async find(kid) {
      const isStale = age() >= maxAge
      const isCool = Math.abs(clock.now() - triedAt) >= coolDown
      if (isStale || (!keys.has(kid) && (isCool || fetching !== undefined))) {
        await fetchOnce().catch((cause: unknown) => {
          // What is known is still good, but of this key nothing is known.
          throw unavailable('The keys of auth cannot be read.', { cause })
        })
      }
      renewInTime()
      const key = keys.get(kid)
      // The last fetch failed: of a key that is not known nothing is known, and that is no reason to refuse its tokens.
      if (key === undefined && triedAt > fetchedAt)
        throw unavailable('The keys of auth cannot be read.')
      return key
    },
    isGood(key) {
      renewInTime()
      return age() < maxAge && keys.get(key.kid) === key
    },
  }
}

/** Keys of other kinds are left out: they may be for others. Throws where the text is no key set. */
async function readKeys(text: string, jose: Jose): Promise<ReadonlyMap<string, PublicKey>> {
  const parsed: unknown = JSON.parse(text)
  const listed: unknown = Reflect.get(Object(parsed), 'keys')
  if (!Array.isArray(listed) || listed.length > maxKeys) throw new Error('auth sent no key set')
  const found = await Promise.all((listed as unknown[]).map((one) => readKey(one, jose)))
  return new Map(found.filter((one) => one !== undefined).map((one) => [one.kid, one]))
}

async function readKey(listed: unknown, jose: Jose): Promise<PublicKey | undefined> {
  const { kid, alg, kty, crv, x, y, use }: JWK = Object(listed) as JWK // each field is checked just below
  if (typeof kid !== 'string' || !algorithms.includes(alg) || use !== 'sig') return undefined
  const algorithm = String(alg)
  const jwk = { kty, crv, x, ...(y === undefined ? {} : { y }) } as JWK // nothing private, whatever was sent
  try {
    const key = await jose.importJWK(jwk, algorithm)
    return { kid, algorithm, key: key as CryptoKey } // only a symmetric one would be bytes
  } catch {
    return undefined
  }
}
