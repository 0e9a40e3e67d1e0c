/** Whose account a call is about, and whether it is really they who call. */
import type { Call } from '../../http/endpoint.ts'
import { Refusal } from '../../http/refusal.ts'
import type { Passwords } from '../../passwords/passwords.ts'
import { checkSession, type SessionDependencies } from '../check-session.ts'
import type { Report } from '../security-events.ts'
import type { Account, AccountStore } from './account-store.ts'
import { nobodyAnyMore } from './gone.ts'
import { type Limit, tooMany } from './limits.ts'

export interface CallerDependencies {
  readonly session: SessionDependencies
  readonly accounts: AccountStore
  readonly passwords: Passwords
  /** How often a password may be shown for one account. */
  readonly passwordLimit: Limit
  readonly report: Report
}

export interface Caller {
  /** The account of the session that a call brings. */
  find(call: Call): Promise<Account>
  /** Refuses where this is not the password of the account. */
  checkPassword(password: string, account: Account, call: Call): Promise<void>
}

export function createCaller(dependencies: CallerDependencies): Caller {
  const { session, accounts, passwords, passwordLimit, report } = dependencies
  return {
    async find(call) {
      const { sub } = await checkSession(session, call)
      const account = await accounts.find(sub)
      // The sessions of these have ended, or will as soon as their store can be reached.
      if (account === undefined || account.isDisabled) throw nobodyAnyMore()
      return account
    },
    async checkPassword(password, { id: sub, passwordHash }, { requestId, source }) {
      if (!(await passwordLimit.allows(sub))) throw tooMany()
      if ((await passwords.check(password, passwordHash)).matches) return
      report({ type: 'password_check_failed', requestId, source, sub })
      throw new Refusal('invalid_credentials', 'The password is wrong.')
    },
  }
}
