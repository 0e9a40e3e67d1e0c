/** The contract of `AttemptCounters`. An adapter's own test file is one call, and what only that adapter has. */
import type { TestContext } from 'node:test'
import { describeCases } from '../../storage/contract.ts'
import type { CountersCase, OpenedCounters } from './counters-kit.ts'
import { placeCases } from './counters-places.ts'
import { raceCases } from './counters-races.ts'
import { refundAndPassingCases } from './counters-refunds.ts'
import { slowingCases } from './counters-slowing.ts'
import { untoldCases } from './counters-untold.ts'

export const countersCases: readonly CountersCase[] = [
  ...slowingCases,
  ...placeCases,
  ...refundAndPassingCases,
  ...raceCases,
  ...untoldCases,
]

export function countersContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedCounters>,
): void {
  describeCases(name, countersCases, open)
}
