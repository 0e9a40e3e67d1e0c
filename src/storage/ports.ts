/**
 * What the servers need of a store, each method written from its use. Whatever decides is one call, because atomicity
 * cannot be added from outside. The contract suites in `test/storage/` hold for every adapter.
 *
 * Faults: a method rejects with a `Refusal` of code `temporarily_unavailable` where the store is full, closed or cannot
 * be reached. No fault ever reads like an absence.
 */

import { hash } from 'node:crypto'
import { Refusal } from '../http/refusal.ts'

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** SHA-256 of a whole token, base64url. All that a store ever sees of the token itself. */
export type TokenHash = Branded<'TokenHash'>
/** Names a token in public, to list and end it. Says nothing about the secret. */
export type TokenId = Branded<'TokenId'>
/** Changes whenever everything of a subject is ended. A token is dead where a mark is present and not its own. */
export type Mark = Branded<'Mark'>

/** Where a token is filed: its hash, and the tag that keeps all of one subject in one place. */
export interface TokenKey {
  readonly subjectTag: string
  readonly hash: TokenHash
}

/** Twelve characters of a digest of the subject: the same for all of its tokens and marks. */
export function subjectTagOf(sub: string): string {
  return hash('sha256', sub, 'base64url').slice(0, 12)
}

interface PurposeBase {
  /** Names the purpose in records and on the wire. */
  readonly name: string
  /** The letter of its tokens: `sp_<letter>_…`. */
  readonly letter: string
  /** Whether its tokens may use the places that are kept free of all others. */
  readonly hasReservedRoom: boolean
}

/** Slides by `ttlSeconds` with each validation, never past `capSeconds` after its issue. */
export interface ReinflatingPurpose extends PurposeBase {
  readonly flavour: 'reinflating'
  readonly ttlSeconds: number
  readonly capSeconds: number
}

/** Lives for `ttlSeconds`, never longer. */
export interface FixedPurpose extends PurposeBase {
  readonly flavour: 'fixed'
  readonly ttlSeconds: number
}

/** Lives for `ttlSeconds` or until the first taker has it. */
export interface SingleUsePurpose extends PurposeBase {
  readonly flavour: 'single_use'
  readonly ttlSeconds: number
}

export type Purpose = ReinflatingPurpose | FixedPurpose | SingleUsePurpose

/** How long a token of this purpose can live at most. */
export function longestLifeSeconds(purpose: Purpose): number {
  return purpose.flavour === 'reinflating' ? purpose.capSeconds : purpose.ttlSeconds
}

/** A mark outlives every token that it ends. */
export function markLifeSeconds(purpose: Purpose): number {
  return longestLifeSeconds(purpose) + 3600
}

/** What is to be filed. The store adds the times, by its own clock. */
export interface NewToken {
  readonly key: TokenKey
  readonly id: TokenId
  readonly purpose: Purpose
  /** Whose it is: a user's UUID, or `client:<id>`. */
  readonly sub: string
  /** The display name of that moment. Never the login name. */
  readonly name: string
  /** Space-separated, RFC 6749 §3.3. May be empty. */
  readonly scope: string
  /** For the capability that issued it, at most 256 bytes. */
  readonly context: string
  /** The mark that was there when the login began. */
  readonly mark: Mark | undefined
}

/** A token that was alive when the store looked. All instants are epoch milliseconds of the store's clock. */
export interface LivingToken {
  readonly id: TokenId
  readonly purpose: string
  readonly sub: string
  readonly name: string
  readonly scope: string
  readonly context: string
  readonly issuedAt: number
  /** At this very instant it is dead. */
  readonly expiresAt: number
  /** `expiresAt` never moves past it. */
  readonly capAt: number
  /** How often it was reinflated. */
  readonly refreshCount: number
  /** When the store looked. */
  readonly judgedAt: number
}

/**
 * Some tokens of a list could not be asked about, because a part of the store cannot be reached. Whoever cannot make use
 * of the others may treat it like any fault.
 */
export class PartlyUnavailable extends Refusal {
  /** In the order of the list. */
  readonly answers: readonly (LivingToken | undefined | 'unavailable')[]
  constructor(answers: PartlyUnavailable['answers'], options: ErrorOptions) {
    const headers = { 'Retry-After': '1' }
    const description = 'Some of the tokens could not be checked.'
    super('temporarily_unavailable', description, { ...options, headers })
    this.answers = answers
  }
}

/** How many tokens are filed. */
export interface Census {
  /** By the names of their purposes; dead ones among them until they are swept. */
  readonly counts: Readonly<Record<string, number>>
  /** Whether there are so many that a part was counted and the rest is inferred from it. */
  readonly isSampled: boolean
}

export interface Revoked {
  /** Whether not even a crash of the store can undo it any more. */
  readonly isLasting: boolean
}

export interface TokenStore {
  /**
   * Files a copy under a fresh key, atomically: `undefined`, and nothing filed, where the subject's mark for this purpose is present and
   * not the one given. Refuses when full, rather than dropping a living token.
   */
  issue(token: NewToken): Promise<LivingToken | undefined>
  /**
   * Judges and extends each, atomically per token: `expiresAt` becomes now + TTL, at most the cap, and never less than
   * it was. The answers stand in the order of `keys`; `undefined` for what is unknown, dead or of another purpose,
   * which stays as it was. `keys` holds no key twice. May reject with `PartlyUnavailable`.
   */
  reinflate(
    keys: readonly TokenKey[],
    purpose: ReinflatingPurpose,
  ): Promise<(LivingToken | undefined)[]>
  /** Judges and changes nothing. */
  peek(key: TokenKey, purpose: Purpose): Promise<LivingToken | undefined>
  /** Judges and removes in one step: of simultaneous takers one gets it. */
  take(key: TokenKey, purpose: SingleUsePurpose): Promise<LivingToken | undefined>
  /** Ends a token. No later reinflation brings it back. `undefined` where it was not alive. */
  revoke(key: TokenKey, purpose: Purpose): Promise<LivingToken | undefined>
  /**
   * Ends all tokens of these purposes that the subject has, in one step, by setting a fresh mark. Others stay. With a
   * `changeId` it does so once for each purpose: to say it again is nothing, for as long as a mark is kept. Whoever says
   * it again until it is lasting can be sure of it: where a crash has undone it, it is done again.
   */
  revokeSubject(sub: string, purposes: readonly Purpose[], changeId?: string): Promise<Revoked>
  /** The subject's marks by the name of the purpose; a purpose without one is missing. Kept for the longest life of any token under it and an hour more. */
  marks(sub: string, purposes: readonly Purpose[]): Promise<ReadonlyMap<string, Mark>>
  /** Costs no more where there are more tokens. */
  census(): Promise<Census>
  /** Resolves where the store can do its work. */
  ping(): Promise<void>
  /** Every later call rejects. */
  close(): Promise<void>
}

/** For stores that do not sweep by themselves. */
export interface TokenSweeper {
  /** Removes at most `limit` dead tokens and marks. `isDone` where none were left to find. */
  evictExpired(limit: number): Promise<{ readonly evicted: number; readonly isDone: boolean }>
  /** How many tokens are filed, dead ones among them until they are evicted. */
  count(): Promise<number>
}

/** A password hash as it is stored: a PHC string that carries its parameters. */
export type PasswordHash = Branded<'PasswordHash'>

export interface User {
  /** A UUIDv7: the instant at which it was made, and 74 random bits. */
  readonly id: string
  /** As `normaliseUsername` leaves it. Private. */
  readonly username: string
  /** What others see. */
  readonly name: string
  readonly passwordHash: PasswordHash
  readonly isDisabled: boolean
}

export interface UserStore {
  /** Files a copy. `false`, and nothing filed, where the id or the user name is taken: of simultaneous creators one succeeds. */
  create(user: User): Promise<boolean>
  /** A copy. `username` must be normalised. */
  findByUsername(username: string): Promise<User | undefined>
  /** A copy. */
  findById(id: string): Promise<User | undefined>
  /** Swaps the hash if it is still `from`, in one step; `false` where it is not, or where there is no such user. */
  replacePasswordHash(id: string, from: PasswordHash, to: PasswordHash): Promise<boolean>
  /** Resolves where the store can do its work. */
  ping(): Promise<void>
  /** Every later call rejects. */
  close(): Promise<void>
}
