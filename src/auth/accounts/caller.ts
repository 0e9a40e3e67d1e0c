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
  /** How often a wrong password may be shown for one account. */
  readonly wrongPasswords: Limit
  readonly report: Report
}

export interface Caller {
  /** The account of the session that a call brings. */
  find(call: Call): Promise<Account>
  /** Refuses where this is not the password of the account. */
  checkPassword(password: string, account: Account, call: Call): Promise<void>
}

export function createCaller(dependencies: CallerDependencies): Caller {
  const { session, accounts, passwords, wrongPasswords, report } = dependencies
  return {
    async find(call) {
      const { sub } = await checkSession(session, call)
      const account = await accounts.find(sub)
      // The sessions of these have ended, or will as soon as their store can be reached.
      if (account === undefined || account.isDisabled) throw nobodyAnyMore()
      return account
    },
    async checkPassword(password, { id: sub, passwordHash }, { requestId, source }) {
      // Counted before anybody knows that it is wrong, or all who come at once would be free.
      if (!(await wrongPasswords.allows(sub))) throw tooMany(wrongPasswords)
      let isWrong = false
      try {
        isWrong = !(await passwords.check(password, passwordHash)).matches
      } finally {
        if (!isWrong) await wrongPasswords.takeBack(sub)
      }
      if (!isWrong) return
      report({ type: 'password_check_failed', requestId, source, sub })
      throw new Refusal('invalid_credentials', 'The password is wrong.')
    },
  }
}
