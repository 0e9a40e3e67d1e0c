/** Logins as users see them: whatever keeps some offers them, so that their user finds all of his in one list. */

export interface SessionKind {
  /** The name of their purpose. */
  readonly purpose: string
  /** Those of a user that are alive, the most recently used first or in no order. Rejects with a 503 where it cannot tell. */
  list(sub: string): Promise<readonly ListedSession[]>
  /**
   * Ends the one of that id. `false`, and nothing done, where this user has no living one: `id` may be any text. Rejects
   * with a 503 where it may have ended or not.
   */
  end(sub: string, id: string): Promise<boolean>
}

/** All instants are epoch milliseconds, of the clock that it is judged by. */
export interface ListedSession {
  /** Known to all; of no use to whoever would like to be its user. */
  readonly id: string
  readonly issuedAt: number
  /** Where the login came from: an IP address, or `unknown`. */
  readonly source: string
  readonly lastUsedAt: number
  /** How often it was used to live on. */
  readonly refreshCount: number
  readonly expiresAt: number
  readonly judgedAt: number
}
