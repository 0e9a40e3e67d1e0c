/**
 * What is counted of logins, and where: the port of this capability. An attempt is counted before it is judged, and what
 * became of it is told afterwards; one of which nothing more is heard, because its process died, remains a part of a
 * failure, and passes.
 *
 * Each step is atomic in each counter. Faults: a method rejects with a `Refusal` of code `temporarily_unavailable`; then
 * nobody may be let in, and nobody be told whether a password was right.
 */

/** Who is said to log in from where. Both are digests of equal length: no store sees a name or an address. */
export interface Place {
  readonly account: string
  readonly source: string
}

export type Verdict =
  | {
      readonly isAdmitted: true
      /** Whether the account knew the source: the attempt was then counted on the pair alone. */
      readonly isKnown: boolean
    }
  /** Nothing was counted. */
  | { readonly isAdmitted: false; readonly waitMilliseconds: number }

export interface Failure {
  readonly isKnown: boolean
  /** Whether somebody has that user name. There is nobody else to be told, and strangers can think of any number of names. */
  readonly hasUser: boolean
}

export interface AttemptCounters {
  /**
   * Admits and counts an attempt, or says how long to wait, which is more than nothing and at most the longest wait. In
   * a known place the pair alone decides, whatever strangers do to the account, or to others from the same source.
   */
  begin(place: Place): Promise<Verdict>
  /**
   * The password of an admitted attempt was wrong. A failure in a known place counts for its source too, never for the
   * account as a whole. One in another place is remembered as untold, for a day and not only while it slows down.
   */
  fail(place: Place, failure: Failure): Promise<void>
  /** The attempt ended without a verdict: as if it had not been. */
  abandon(place: Place, isKnown: boolean): Promise<void>
  /**
   * As if it had not been; forgets the failures of the pair, and the account knows the source from now on. In a place that
   * was not known, answers whether failures were untold, wherever those were, and forgets them: one of simultaneous
   * successes is answered so. In a known place they stay untold: the user comes and goes there, and it is the stranger
   * whose success they are kept for.
   */
  succeed(place: Place, isKnown: boolean): Promise<boolean>
}
