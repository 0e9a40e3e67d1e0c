/** The contract of accounts. An adapter's own test file is one call, and what only that adapter has. */
import type { TestContext } from 'node:test'
import { describeCases } from '../../storage/contract.ts'
import { accountCases } from './account-store-cases.ts'
import type { AccountCase, OpenedAccounts } from './account-store-kit.ts'
import { accountRaceCases } from './account-store-races.ts'
import { claimCases } from './claim-cases.ts'
import { registrationCases } from './registration-cases.ts'

export const allAccountCases: readonly AccountCase[] = [
  ...accountCases,
  ...accountRaceCases,
  ...claimCases,
  ...registrationCases,
]

export function accountStoreContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedAccounts>,
): void {
  describeCases(name, allAccountCases, open)
}
