/** The contract of `EventLog`. An adapter's own test file is one call, and what only that adapter has. */
import type { TestContext } from 'node:test'
import { describeCases } from '../../storage/contract.ts'
import { deadLetterCases } from './dead-letter-cases.ts'
import type { LogCase, OpenedLog } from './event-kit.ts'
import { pendingCases } from './pending-cases.ts'
import { takingCases } from './taking-cases.ts'

export const eventLogCases: readonly LogCase[] = [
  ...takingCases,
  ...pendingCases,
  ...deadLetterCases,
]

export function eventLogContract(name: string, open: (t: TestContext) => Promise<OpenedLog>): void {
  describeCases(name, eventLogCases, open)
}
