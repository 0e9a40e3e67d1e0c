/** What the audit keeps, and the port behind which it is kept. */

export interface AuditEvent {
  /** Random and unique: by it an event that is written twice is kept once. */
  readonly id: string
  readonly type: string
  /** When it was heard of, in epoch milliseconds; of several, the first. */
  readonly at: number
  /** When the last of several was heard of. */
  readonly until: number
  /** How often it happened: repeated failures are one event. */
  readonly count: number
  /** `undefined` where there are several. */
  readonly requestId: string | undefined
  /** An IP address, or `unknown`. `undefined` where there are several. */
  readonly source: string | undefined
  /** To whom it happened: a user's id, or `client:<id>`. */
  readonly sub: string | undefined
  /** Who did it, where that is somebody else. */
  readonly actor: string | undefined
  /** A keyed hash of a user name that nobody has. */
  readonly account: string | undefined
  /** The public id of the token that it was about. */
  readonly session: string | undefined
  /** JSON. */
  readonly details: string | undefined
}

export interface FiledEvent extends AuditEvent {
  /** In the order in which events were filed; there may be gaps. */
  readonly number: number
}

export interface AuditQuery {
  /** Only those that were filed before this number. */
  readonly before?: number | undefined
  readonly limit: number
  readonly type?: string | undefined
  readonly sub?: string | undefined
}

/** Faults are refusals of code `temporarily_unavailable`. Nothing that was filed is ever changed through it. */
export interface AuditLog {
  /** Files copies of all, in their order and in one step, but of those whose id is filed already: to repeat it changes nothing. */
  append(events: readonly AuditEvent[]): Promise<void>
  /** Copies, the last filed first. */
  list(query: AuditQuery): Promise<readonly FiledEvent[]>
}
