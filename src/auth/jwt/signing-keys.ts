/**
 * The keys that sign access tokens, and what a store must do with them. They stand in a line: each retires at the very
 * instant at which its successor begins to sign, and the last has no successor yet. Which state a key is in follows from
 * its times and from those alone, so that no process has to be awake for a key to be promoted, and none can miss it.
 */

/** What is filed. The store adds the times, by its own clock. */
export interface NewSigningKey {
  /** RFC 7638: the thumbprint of its public half. */
  readonly kid: string
  /** The private key, encrypted. */
  readonly sealed: string
}

/** All instants are epoch milliseconds of the store's clock. */
export interface SigningKey extends NewSigningKey {
  /** From here on it signs. */
  readonly currentAt: number
  /** From here on its successor does. `undefined` where it has none. */
  readonly retiredAt: number | undefined
  /** At this very instant nothing that it signed is good any more. */
  readonly removedAt: number | undefined
}

export interface KeyLine {
  /** In the order in which they sign, without those that are removed. */
  readonly keys: readonly SigningKey[]
  /** When the store looked. */
  readonly judgedAt: number
}

export interface RotationTimes {
  /** From now until the new one signs. */
  readonly publishedBeforeMilliseconds: number
  /** From then on, until the old one is removed. */
  readonly publishedAfterMilliseconds: number
}

/** Every method rejects with a 503 where the store cannot be reached. */
export interface SigningKeys {
  /** Forgets what is removed, and answers copies of the others. */
  read(): Promise<KeyLine>
  /** Files a copy that signs at once, where there is no key at all. Of simultaneous callers one files; the others get `false`. */
  begin(key: NewSigningKey): Promise<boolean>
  /**
   * Files a copy at the end of the line, and sets the end of the one before it, in one step. `false`, and nothing filed,
   * where the last one does not sign yet, or there is none: of simultaneous callers one files.
   */
  rotate(key: NewSigningKey, times: RotationTimes): Promise<boolean>
  /**
   * Removes all keys and files a copy that signs at once, in one step; `false`, and nothing done, where `last` is not
   * the last of the line: of simultaneous callers who know the same last one, one replaces.
   */
  replaceAll(last: string, key: NewSigningKey): Promise<boolean>
}

export type KeyState = 'next' | 'current' | 'retired' | 'removed'

export function stateOf(
  { currentAt, retiredAt, removedAt }: Omit<SigningKey, 'sealed'>,
  at: number,
): KeyState {
  if (at < currentAt) return 'next'
  if (retiredAt === undefined || at < retiredAt) return 'current'
  return removedAt === undefined || at < removedAt ? 'retired' : 'removed'
}
