import type { Core } from '../capability.ts'
import type { AccountStores } from './account-store.ts'
import { memoryAccountStores } from './memory.ts'

/** The adapter for where the accounts are. */
export async function openAccounts(
  core: Pick<Core, 'accountBacking' | 'clock' | 'changeFollowers' | 'outbox'>,
): Promise<AccountStores> {
  const { accountBacking: backing, clock, changeFollowers: followers, outbox } = core
  if (backing.kind === 'memory') {
    return memoryAccountStores({ users: backing.users, now: clock.now, followers, outbox })
  }
  const { postgresAccountStores } = await import('./postgres.ts')
  return postgresAccountStores({ database: backing.database, followers, outbox })
}
