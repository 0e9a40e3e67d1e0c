/** What administrators can do with accounts. */
import type { Clock } from '../../clock.ts'
import type { Passwords } from '../../passwords/passwords.ts'
import type { Purpose, TokenStore, UserStore } from '../../storage/ports.ts'
import type { Accounts, AccountView } from '../account-changes.ts'
import { normaliseUsername } from '../usernames.ts'
import type { Account, AccountStore } from './account-store.ts'
import type { AccountChanges } from './change-accounts.ts'
import { uuidV7 } from './uuid-v7.ts'

export interface AdministerDependencies {
  readonly users: UserStore
  readonly accounts: AccountStore
  readonly changes: AccountChanges
  readonly tokens: Pick<TokenStore, 'revokeSubject'>
  /** Of all that a user can have. */
  readonly purposes: () => readonly Purpose[]
  readonly passwords: Passwords
  readonly clock: Clock
}

export function administerAccounts(dependencies: AdministerDependencies): Accounts {
  const { users, accounts, changes, tokens, purposes, passwords, clock } = dependencies

  async function setRoles(id: string, roles: readonly string[]): Promise<boolean> {
    const edit = {
      type: 'roles_changed',
      fields: { roles: [...roles] },
      endsSessions: true,
    } as const
    return (await changes.change(id, () => edit)) !== undefined
  }

  return {
    setRoles,
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
    async ensure({ username: typed, name, password, roles }) {
      const username = normaliseUsername(typed)
      const at = clock.now()
      const created = await changes.create({
        id: uuidV7(at),
        username,
        name,
        passwordHash: await passwords.hash(password),
        isDisabled: false,
        verifiedAt: at,
        roles,
      })
      if (created !== undefined) return created.id
      const owner = await users.findByUsername(username)
      if (owner === undefined || !(await setRoles(owner.id, roles)))
        throw new Error('the account went while it was given its roles')
      return owner.id
    },
  }
}

function viewOf(account: Account): AccountView {
  const { id, username, name, isDisabled, roles, createdAt, updatedAt, verifiedAt } = account
  const isVerified = verifiedAt !== undefined
  return { id, username, name, isVerified, isDisabled, roles, createdAt, updatedAt }
}
