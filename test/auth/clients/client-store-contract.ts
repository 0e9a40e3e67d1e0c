/** The contract of `ClientStore`. An adapter's own test file is one call, and what only that adapter has. */
import type { TestContext } from 'node:test'
import { describeCases } from '../../storage/contract.ts'
import { changeCases, disablingCases, rotationCases } from './client-store-changes.ts'
import type { ClientStoreCase, OpenedClients } from './client-store-kit.ts'
import { raceCases } from './client-store-races.ts'
import { hostileCases, nameCases, recordCases } from './client-store-records.ts'

export const clientStoreCases: readonly ClientStoreCase[] = [
  ...recordCases,
  ...hostileCases,
  ...nameCases,
  ...disablingCases,
  ...rotationCases,
  ...changeCases,
  ...raceCases,
]

export function clientStoreContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedClients>,
): void {
  describeCases(name, clientStoreCases, open)
}
