/** When each user last made a request: a port. Instants are epoch milliseconds. */

/** Faults are refusals of code `temporarily_unavailable`. */
export interface ActivityStore {
  /** Files all of them, or none where it rejects. Of the instants of a user the latest stays, whatever comes when. */
  file(lastByUser: ReadonlyMap<string, number>): Promise<void>
  lastOf(user: string): Promise<number | undefined>
  /** From now on nothing is known of this user, and nothing more is filed. */
  forget(user: string): Promise<void>
}
