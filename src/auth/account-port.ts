/** Accounts as capabilities see them: who keeps them, and who follows what happens to them. */
import type { BoundStatement } from '../storage/backing.ts'

/** What a client must be allowed to do to follow accounts. */
export const eventsScope = 'accounts:events'

export type AccountChangeType =
  | 'registered'
  | 'renamed'
  | 'username_changed'
  | 'password_changed'
  | 'password_reset'
  | 'roles_changed'
  | 'disabled'
  | 'enabled'
  | 'deleted'

export interface AccountChange {
  /** A UUIDv7: later changes have greater ids, as far as clocks agree. */
  readonly id: string
  readonly type: AccountChangeType
  readonly userId: string
  /** What others see of the user by now; missing where there is nobody any more. */
  readonly name?: string
  /** Epoch milliseconds. */
  readonly at: number
}

/** Keeps something of each change, in the very transaction that makes it: both are there, or neither. */
export interface ChangeFollower {
  /** Where accounts are in Postgres. */
  statementsFor(change: AccountChange): readonly BoundStatement[]
  /** Where accounts are in memory. Must not throw. */
  apply(change: AccountChange): void
}

/** What an administrator sees of an account. */
export interface AccountView {
  readonly id: string
  readonly username: string
  readonly name: string
  readonly isVerified: boolean
  readonly isDisabled: boolean
  readonly roles: readonly string[]
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly updatedAt: number
}

/** What belongs to a change that an administrator makes. */
export interface Act {
  /** The user who acts. */
  readonly by: string
  /** Called once it is made, also where the sessions could not be ended yet. */
  readonly made: () => void
}

/** Where the accounts are kept. Each change is one transaction, and ends the sessions that it must before it resolves. */
export interface Accounts {
  /** In the order of their ids, those after `after`. */
  list(page: { readonly after?: string; readonly limit: number }): Promise<readonly AccountView[]>
  find(id: string): Promise<AccountView | undefined>
  /**
   * `false` where there is no such account. Disabling ends all sessions; a login needs an enabled account. Refuses where
   * whoever acts is not an administrator any more when it is made: so of two who disable each other one stays.
   */
  setDisabled(id: string, isDisabled: boolean, act: Act): Promise<boolean>
  /** `false` where there is no such account. Ends all sessions: their scopes come from the roles. Refuses like `setDisabled`. */
  setRoles(id: string, roles: readonly string[], act: Act): Promise<boolean>
  /** `false` where there is no such account. */
  endSessions(id: string): Promise<boolean>
  /**
   * A verified account with these roles, and its id. Where the address has one already, that gets them beside its own, if
   * it is verified and enabled and has this password; refuses with `conflict` otherwise. `made` is called with the id once
   * something was changed, also where sessions could not be ended yet.
   */
  ensure(account: NewAccount, made?: (id: string) => void): Promise<string>
}

export interface NewAccount {
  readonly username: string
  readonly name: string
  readonly password: string
  readonly roles: readonly string[]
}
