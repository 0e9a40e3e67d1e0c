/** A step of the login: what a session may do is what the roles of its user may do. */
import type { Core } from '../capability.ts'
import type { LoginStep } from '../login-steps.ts'
import type { Account, AccountStore } from './account-store.ts'

export interface RolesDependencies {
  readonly accounts: AccountStore
  readonly roles: Core['roles']
}

export function scopesOf(
  { roles }: Account,
  known: ReturnType<RolesDependencies['roles']>,
): readonly string[] {
  const scopesOfRoles = new Map(Object.entries(known))
  return roles.flatMap((role) => scopesOfRoles.get(role) ?? [])
}

export function allowByRoles({ accounts, roles }: RolesDependencies): LoginStep {
  return async (attempt) => {
    const account = attempt.user && (await accounts.find(attempt.user.id))
    const scopes = account === undefined ? [] : scopesOf(account, roles())
    attempt.scope = [...new Set([...attempt.scope.split(' '), ...scopes])].join(' ').trim()
  }
}
