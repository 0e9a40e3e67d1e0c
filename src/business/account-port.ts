/** What happens to accounts, as auth's feed tells it. Types alone. */

export interface AccountEvent {
  readonly type: 'deleted' | 'disabled' | 'enabled' | 'renamed'
  /** The user's id. */
  readonly sub: string
  /** What others see of the user by then; `undefined` where there is nobody any more. */
  readonly name: string | undefined
}

/** Brought by a capability that keeps something of users. Twice is once. Where it rejects, it is told again. */
export type AccountFollower = (event: AccountEvent) => Promise<void>
