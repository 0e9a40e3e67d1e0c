/** What administrators can do with accounts. */
import type { Clock } from '../../clock.ts'
import { Refusal, unavailable } from '../../http/refusal.ts'
import type { Passwords } from '../../passwords/passwords.ts'
import type { Purpose, TokenStore, User, UserStore } from '../../storage/ports.ts'
import type { Accounts, AccountView } from '../account-port.ts'
import { normaliseUsername } from '../usernames.ts'
import type { Account, AccountStore } from './account-store.ts'
import type { AccountChanges } from './change-accounts.ts'
import type { PasswordPolicy } from './password-policy.ts'
import { uuidV7 } from './uuid-v7.ts'

export interface AdministerDependencies {
  readonly users: UserStore
  readonly accounts: AccountStore
  readonly changes: AccountChanges
  readonly tokens: Pick<TokenStore, 'revokeSubject'>
  /** Of all that a user can have. */
  readonly purposes: () => readonly Purpose[]
  readonly passwords: Passwords
  readonly policy: PasswordPolicy
  readonly clock: Clock
}

export function administerAccounts(dependencies: AdministerDependencies): Accounts {
  const { users, accounts, changes, tokens, purposes, passwords, policy, clock } = dependencies

  async function setRoles(id: string, roles: readonly string[], made = () => {}): Promise<boolean> {
    const edit = {
      type: 'roles_changed',
      fields: { roles: [...roles] },
      endsSessions: true,
      made,
    } as const
    return (await changes.change(id, () => edit)) !== undefined
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
    setRoles: (id, roles) => setRoles(id, roles),
    async list({ after = '', limit }) {
      return (await accounts.list({ after, limit })).map(viewOf)
    },
    async find(id) {
      const account = await accounts.find(id)
      return account && viewOf(account)
    },
    async setDisabled(id, isDisabled) {
      const type = isDisabled ? 'disabled' : 'enabled'
      const edit = { type, fields: { isDisabled }, endsSessions: isDisabled } as const
      return (await changes.change(id, () => edit)) !== undefined
    },
    async endSessions(sub) {
      if ((await accounts.find(sub)) === undefined) return false
      await tokens.revokeSubject(sub, purposes())
      return true
    },
    async ensure({ username: typed, name, password, roles }, made = () => {}) {
      const username = normaliseUsername(typed)
      const owner = await users.findByUsername(username)
      if (owner === undefined) {
        await policy(password, username)
        const passwordHash = await passwords.hash(password)
        const at = clock.now()
        const id = uuidV7(at)
        const user = { id, username, name, passwordHash, isDisabled: false }
        if ((await changes.create({ ...user, verifiedAt: at, roles })) !== undefined) {
          made(id)
          return id
        }
      } else {
        await checkOwner(owner, password)
        const present = (await accounts.find(owner.id))?.roles ?? []
        if (roles.every((role) => present.includes(role))) return owner.id
        const all = [...new Set([...present, ...roles])]
        if (await setRoles(owner.id, all, () => made(owner.id))) return owner.id
      }
      throw unavailable('The account was changed by others meanwhile.')
    },
  }
}

function viewOf(account: Account): AccountView {
  const { id, username, name, isDisabled, roles, createdAt, updatedAt, verifiedAt } = account
  const isVerified = verifiedAt !== undefined
  return { id, username, name, isVerified, isDisabled, roles, createdAt, updatedAt }
}
