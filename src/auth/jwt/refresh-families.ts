/**
 * Refresh families: what a login for JWTs begins, one record that its refresh tokens follow one another in. It is the one
 * thing beside tokens that lives for a while and then must die, because no flavour of token is replaced in place; it
 * lies in the token store, under the same marks as tokens.
 *
 * Faults: a method rejects with a `Refusal` of code `temporarily_unavailable` where the store is full, closed or cannot
 * be reached. Which of the outcomes was reached is then unknown.
 */
import type { Census, Mark, TokenHash, TokenId } from '../../storage/ports.ts'

/** Where a family is filed. */
export interface FamilyPlace {
  readonly subjectTag: string
  /** A digest of the selector, so it names the family in public (`sid`) and nobody presents it. */
  readonly id: TokenId
}

export interface NewFamily {
  readonly place: FamilyPlace
  /** A user's id. */
  readonly sub: string
  readonly clientId: string
  /** Space-separated. May be empty. */
  readonly scope: string
  /** Where the login came from: an IP address, or `unknown`. */
  readonly source: string
  /** Of its first refresh token. */
  readonly tokenHash: TokenHash
  /** The mark that was there when the login began. */
  readonly mark: Mark | undefined
}

/** A family that was alive when the store looked. All instants are epoch milliseconds of the store's clock. */
export interface LivingFamily {
  readonly id: TokenId
  readonly sub: string
  readonly clientId: string
  readonly scope: string
  /** `unknown`, too, where it was filed before sources were. */
  readonly source: string
  /** Of the refresh token that is good now. */
  readonly tokenHash: TokenHash
  readonly issuedAt: number
  /** Of the last rotation, or of the login. */
  readonly rotatedAt: number
  /** At this very instant it is dead. Never moves. */
  readonly expiresAt: number
  readonly rotations: number
  /** When the store looked. */
  readonly judgedAt: number
}

export interface Rotation {
  /** Of the refresh token that was presented. */
  readonly presented: TokenHash
  /** Of the one that is to follow it. */
  readonly next: TokenHash
  /** What the presenter will be answered, sealed so that only the presented token opens it. In base64url. */
  readonly sealedAnswer: string
  /** For how long a repeat gets the same answer. With 0 none does. */
  readonly retrySeconds: number
}

export type RotationOutcome =
  /** The presented token was the good one: now the next is. */
  | { readonly kind: 'rotated' }
  /** It is the immediate parent of the good one, and its window is open. Nothing has changed. */
  | { readonly kind: 'repeat'; readonly sealedAnswer: string }
  /** It is neither: the family is dead from now on. */
  | { readonly kind: 'reused'; readonly family: LivingFamily }
  /** There is no such family, or it is dead. */
  | { readonly kind: 'unknown' }

export interface RefreshFamilies {
  /**
   * Files a copy, atomically: `undefined`, and nothing filed, where the subject's mark is present and not the one given.
   * Where the subject has too many living ones, that whose last rotation (or login) is longest ago ends;
   * logins at the same moment may leave a few more, until the next.
   */
  open(family: NewFamily): Promise<LivingFamily | undefined>
  /** Judges and rotates, repeats or kills, in one step: of simultaneous presenters of one token one rotates. */
  rotate(place: FamilyPlace, rotation: Rotation): Promise<RotationOutcome>
  /** Judges and changes nothing. In the order of `places`; `undefined` for what is not alive. */
  peek(places: readonly FamilyPlace[]): Promise<(LivingFamily | undefined)[]>
  /** Those of a subject that are alive, in no order. Changes nothing. */
  list(subjectTag: string): Promise<readonly LivingFamily[]>
  /** Ends a family. `undefined` where it was not alive. */
  kill(place: FamilyPlace): Promise<LivingFamily | undefined>
  /** How many there are, under the name of their purpose. */
  census(): Promise<Census>
}

/** For stores that do not sweep by themselves. */
export interface FamilySweeper {
  /** Removes at most `limit` dead families, and erases at most as many answers whose windows have closed. */
  evictExpired(limit: number): Promise<Evicted>
}

export interface Evicted {
  readonly families: number
  readonly answers: number
  /** Whether none were left to find. */
  readonly isDone: boolean
}

/** What every adapter is told. */
export interface FamilyLimits {
  /** Under whose marks the families stand. */
  readonly purposeName: string
  readonly lifeSeconds: number
  /** How many living ones a subject has at most. */
  readonly maxPerSubject: number
}
