/** What the cases of the contract of account events share. */
import { randomUUID } from 'node:crypto'
import type { AccountChange } from '../../../src/auth/account-port.ts'
import type { AccountEvents, Position } from '../../../src/auth/feed/account-events.ts'
import type { Case } from '../../storage/contract.ts'

export interface OpenedEvents {
  readonly events: AccountEvents
  /** Makes a change as accounts do, in a transaction of its own. */
  readonly make: (change: AccountChange) => Promise<void>
}

export type EventsCase = Case<OpenedEvents>

export function newChange(fields: Partial<AccountChange> = {}): AccountChange {
  const at = Date.now()
  return { id: randomUUID(), type: 'renamed', userId: randomUUID(), name: 'A Name', at, ...fields }
}

export async function makeAll(
  { make }: OpenedEvents,
  changes: readonly AccountChange[],
): Promise<void> {
  for (const change of changes) await make(change)
}

export function changesOf(length: number, fields: Partial<AccountChange> = {}): AccountChange[] {
  return Array.from({ length }, () => newChange(fields))
}

/** The numbers of what comes after a position. */
export async function numbersAfter(events: AccountEvents, position: Position, limit = 1_000) {
  return (await events.after(position, limit))?.map(({ number }) => number)
}
