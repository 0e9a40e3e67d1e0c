/**
 * What must be true of accounts wherever they are kept. The core's users are their first half, so that a login needs
 * nothing of this folder. What belongs to a change, whatever follows it, is kept in the very step that makes it.
 */
import type { PasswordHash, User } from '../../storage/ports.ts'
import type { AccountChange } from '../account-port.ts'
import type { MailRequest } from '../outbox.ts'

export interface Account extends User {
  /** Epoch milliseconds; `undefined` where nobody has shown the address to be theirs. */
  readonly verifiedAt: number | undefined
  readonly roles: readonly string[]
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly updatedAt: number
}

/** What is kept with a change, in one step with it. */
export interface Consequences {
  /** For those who follow changes. */
  readonly changes: readonly AccountChange[]
  readonly mails: readonly MailRequest[]
  /** Where the sessions of that subject are to end. */
  readonly revocation?: Revocation
}

export interface Revocation {
  readonly changeId: string
  readonly sub: string
}

export interface AccountStore {
  /** Files a copy. `false`, and nothing kept, where the id or the user name is taken: of simultaneous creators one succeeds. */
  create(account: Account, consequences: Consequences): Promise<boolean>
  /** A copy. */
  find(id: string): Promise<Account | undefined>
  /** Copies in the order of their ids, those after `after`, at most `limit`. */
  list(page: { readonly after: string; readonly limit: number }): Promise<readonly Account[]>
  /**
   * Puts `to` in the place of `from`, whose id it has, in one step. Where sessions end, or the user name is another, the
   * subject's claim goes. Otherwise nothing is kept: `stale` where the account
   * is no longer as `from` says, or another changes a user name to the same one just now; `taken` where the user name is
   * another's.
   */
  replace(
    from: Account,
    to: Account,
    consequences: Consequences,
  ): Promise<'replaced' | 'stale' | 'taken'>
  /**
   * The same for `actor`, whose account must be as it says, too, in that step; otherwise `stale`. The user name stays. Of
   * two who change each other at once, one succeeds.
   */
  replaceBy(
    actor: Account,
    from: Account,
    to: Account,
    consequences: Consequences,
  ): Promise<'replaced' | 'stale'>
  /** Removes the account, and the claim of its subject, if it still is as `from` says; `false`, and nothing kept, where it is not. */
  remove(from: Account, consequences: Consequences): Promise<boolean>
}

/** An address that somebody says is theirs. */
export interface Claim {
  /** Of the account, there already or to come. */
  readonly sub: string
  /** Normalised. */
  readonly username: string
}

export interface NewClaim extends Claim {
  /** Where it is given, the subject's account must have it still. */
  readonly passwordHash?: PasswordHash
}

export interface ClaimStore {
  /**
   * Files it in the place of the subject's earlier one, with the mails, in one step. Refuses with 503 when the account has
   * another password by now.
   */
  hold(claim: NewClaim, lifeSeconds: number, mails: readonly MailRequest[]): Promise<void>
  /**
   * Files the claim of an account to come, and answers its subject: that of the address's earlier one, if it has one that
   * was begun so, whose life is then this one. In one step: of simultaneous callers all get one subject. Refuses with 503
   * where about `maxRegistrations` are filed.
   */
  begin(claim: Claim, lifeSeconds: number): Promise<string>
  /** `undefined` where it is unknown or its life is over: at its end it is. */
  find(sub: string): Promise<Claim | undefined>
  /** Removes at most `limit` of what is dead. Answers how many. */
  sweep(limit: number): Promise<number>
}

export interface RevocationStore {
  /** At most `limit` of those that are not settled. */
  pending(limit: number): Promise<readonly Revocation[]>
  /** Forgets it: the sessions have ended for good. */
  settle(changeId: string): Promise<void>
}

export interface MailStore {
  /** Files requests that no change goes with. */
  ask(mails: readonly MailRequest[]): Promise<void>
}

export interface AccountStores {
  readonly accounts: AccountStore
  readonly claims: ClaimStore
  readonly revocations: RevocationStore
  readonly mails: MailStore
}

/** How many accounts to come are filed, for strangers ask for them. An account that is there has two claims at most. */
export const maxRegistrations = 100_000
