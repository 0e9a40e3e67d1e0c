/** What happened that somebody may want to know later, or be told of. */

export interface SecurityEvent {
  /** A verb in the past. What a stranger can repeat ends in `_failed` or `_refused`, and may be summed up. */
  readonly type: string
  readonly requestId: string
  /** An IP address, or `unknown`. */
  readonly source: string
  /** To whom it happened, where that is known: a user's id, or `client:<id>`. */
  readonly sub?: string | undefined
  /** Who did it, where that is somebody else. */
  readonly actor?: string | undefined
  /** Of a user, or the id of a client, as it was typed: perhaps a password in the wrong place. Never to be kept as it is. */
  readonly username?: string | undefined
  /** The public id of the token that it was about. */
  readonly session?: string | undefined
  /** What else there is to say, none of it secret. */
  readonly details?: Readonly<Record<string, string | number | boolean>>
}

/** The type of a login from where its user is not known, after wrong passwords of which he has not been told. */
export const loginFromNewPlace = 'login_from_new_place'

/** Never throws, and nobody waits for it. */
export type Report = (event: SecurityEvent) => void
