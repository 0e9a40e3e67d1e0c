/** Accounts in memory with one flaw. */
import type { AccountStores } from '../../../src/auth/accounts/account-store.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import type { OpenedAccounts } from './account-store-kit.ts'
import { openMemoryAccounts } from './open-memory-accounts.ts'

export type Spoil = (right: OpenedAccounts) => {
  readonly [K in keyof AccountStores]?: Partial<AccountStores[K]>
}

export function flaw(what: string, isCaughtBy: string, spoil: Spoil): Flaw<OpenedAccounts> {
  const open = async () => {
    const right = await openMemoryAccounts()
    const wrong = spoil(right)
    return {
      ...right,
      accounts: { ...right.accounts, ...wrong.accounts },
      claims: { ...right.claims, ...wrong.claims },
      revocations: { ...right.revocations, ...wrong.revocations },
      mails: { ...right.mails, ...wrong.mails },
    }
  }
  return { what, isCaughtBy, open }
}
