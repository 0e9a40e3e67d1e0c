/** What administrators can do with accounts. */
import type { Clock } from '../../clock.ts'
import { Refusal, unavailable } from '../../http/refusal.ts'
import type { Passwords } from '../../passwords/passwords.ts'
import type { Purpose, TokenStore, User, UserStore } from '../../storage/ports.ts'
import { uuidV7 } from '../../uuid-v7.ts'
import type { Accounts, AccountView, Act } from '../account-port.ts'
import type { Core } from '../capability.ts'
import { administratorScope } from '../check-administrator.ts'
import { normaliseUsername } from '../usernames.ts'
import type { Account, AccountStore } from './account-store.ts'
import { scopesOf } from './allow-by-roles.ts'
import type { AccountChanges, Edit } from './change-accounts.ts'
import { nobodyAnyMore } from './gone.ts'
import type { PasswordPolicy } from './password-policy.ts'

export interface AdministerDependencies {
  readonly users: UserStore
  readonly accounts: AccountStore
  readonly changes: AccountChanges
  readonly tokens: Pick<TokenStore, 'revokeSubject'>
  /** Of all that a user can have. */
  readonly purposes: () => readonly Purpose[]
  readonly roles: Core['roles']
  readonly passwords: Passwords
  readonly policy: PasswordPolicy
  readonly clock: Clock
}

export function administerAccounts(dependencies: AdministerDependencies): Accounts {
  const { users, accounts, changes, tokens, purposes, roles, passwords, policy, clock } =
    dependencies

  /** The sessions of all others have ended, or will as soon as their store can be reached. */
  async function findAdministrator(id: string): Promise<Account> {
    const account = await accounts.find(id)
    if (account === undefined || account.isDisabled) throw nobodyAnyMore()
    if (!scopesOf(account, roles()).includes(administratorScope)) throw nobodyAnyMore()
    return account
  }

  async function changeFor({ by, made }: Act, id: string, edit: Edit): Promise<boolean> {
    const decide = () => ({ ...edit, made })
    return (await changes.changeBy(() => findAdministrator(by), id, decide)) !== undefined
  }

  /** Whoever made that account may be anybody: it must be shown to be theirs who call. */
  async function checkOwner(owner: User, password: string): Promise<void> {
    const isVerified = (await accounts.find(owner.id))?.verifiedAt !== undefined
    if (owner.isDisabled || !isVerified)
      throw new Refusal('conflict', 'This address has an account that is disabled or not verified.')
    if (!(await passwords.check(password, owner.passwordHash)).matches)
      throw new Refusal('conflict', 'This address has an account with another password.')
  }

  return {
    async list({ after = '', limit }) {
      return (await accounts.list({ after, limit })).map(viewOf)
    },
    async find(id) {
      const account = await accounts.find(id)
      return account && viewOf(account)
    },
    setDisabled(id, isDisabled, act) {
      const type = isDisabled ? 'disabled' : 'enabled'
      return changeFor(act, id, { type, fields: { isDisabled }, endsSessions: isDisabled })
    },
    setRoles: (id, wanted, act) => changeFor(act, id, givingRoles(wanted)),
    async endSessions(sub) {
      if ((await accounts.find(sub)) === undefined) return false
      await tokens.revokeSubject(sub, purposes())
      return true
    },
    async ensure({ username: typed, name, password, roles: wanted }, made = () => {}) {
      const username = normaliseUsername(typed)
      const owner = await users.findByUsername(username)
      if (owner === undefined) {
        await policy(password, username)
        const passwordHash = await passwords.hash(password)
        const at = clock.now()
        const id = uuidV7(at)
        const user = { id, username, name, passwordHash, isDisabled: false }
        if ((await changes.create({ ...user, verifiedAt: at, roles: wanted })) !== undefined) {
          made(id)
          return id
        }
      } else {
        await checkOwner(owner, password)
        const present = (await accounts.find(owner.id))?.roles ?? []
        if (wanted.every((role) => present.includes(role))) return owner.id
        const edit = givingRoles([...new Set([...present, ...wanted])])
        const decide = () => ({ ...edit, made: () => made(owner.id) })
        if ((await changes.change(owner.id, decide)) !== undefined) return owner.id
      }
      throw unavailable('The account was changed by others meanwhile.')
    },
  }
}

function givingRoles(roles: readonly string[]): Edit {
  return { type: 'roles_changed', fields: { roles: [...roles] }, endsSessions: true }
}

function viewOf(account: Account): AccountView {
  const { id, username, name, isDisabled, roles, createdAt, updatedAt, verifiedAt } = account
  const isVerified = verifiedAt !== undefined
  return { id, username, name, isVerified, isDisabled, roles, createdAt, updatedAt }
}
