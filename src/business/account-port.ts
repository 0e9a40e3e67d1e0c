/** What happens to accounts, as auth's feed tells it. Types alone. */

/** Where an event stands among the others. */
export interface EventPlace {
  /** Of one series of numbers. Another series has another, and is compared by time. */
  readonly epoch: string
  readonly number: number
  /** Unix seconds. */
  readonly at: number
}

export interface AccountEvent {
  readonly type: 'deleted' | 'disabled' | 'enabled' | 'renamed'
  /** The user's id. */
  readonly sub: string
  /** What others see of the user by then; `undefined` where there is nobody any more. */
  readonly name: string | undefined
  readonly place: EventPlace
}

/** Brought by a capability that keeps something of users. Twice is once, and an older one may be told again after a newer one. Where it rejects, it is told again. */
export type AccountFollower = (event: AccountEvent) => Promise<void>
