/** Where business is in auth's feed of account events: a port. All business processes on one store share the one. */

/** Faults are refusals of code `temporarily_unavailable`. */
export interface Bookmark {
  /** The cursor behind the last event that was told to all; `undefined` where nobody has begun. */
  read(): Promise<string | undefined>
  /** In one step, from where it is said to be. `false`, and nothing moved, where it is elsewhere. */
  move(from: string | undefined, to: string): Promise<boolean>
}
