/** The contract of `UserStore`. An adapter's own test file is one call, and what only that adapter has. */
import type { TestContext } from 'node:test'
import { describeCases } from './contract.ts'
import { userCases } from './user-store-cases.ts'
import type { OpenedUsers, UserStoreCase } from './user-store-kit.ts'
import { userRaceCases } from './user-store-races.ts'
import { userRecordCases } from './user-store-records.ts'

export const userStoreCases: readonly UserStoreCase[] = [
  ...userCases,
  ...userRecordCases,
  ...userRaceCases,
]

export function userStoreContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedUsers>,
): void {
  describeCases(name, userStoreCases, open)
}
