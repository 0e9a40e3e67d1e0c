/**
 * How often something was done of late: the port of the limits. A store sees digests, never an address or a source.
 *
 * Faults: a method rejects with a `Refusal` of code `temporarily_unavailable`; then nothing that is limited may be done.
 */

export interface Counter {
  /** What is counted. The limit and the window are the same for all of a kind. */
  readonly kind: string
  /** For whom it is counted: `subjectTagOf` of something. */
  readonly tag: string
  readonly limit: number
  readonly windowSeconds: number
  /** Also where the store is full. Only where no stranger chooses for whom it is counted, for such counters must be few. */
  readonly countsWhenFull: boolean
}

export interface Counts {
  /**
   * Counts one and answers `true`, in one step; or `false`, and nothing is counted, where there are `limit` already. All
   * that was counted is forgotten together, `windowSeconds` after the first.
   */
  count(counter: Counter): Promise<boolean>
  /** As if one had not been counted. Nothing where none is. */
  takeBack(counter: Counter): Promise<void>
}
