import type { TestContext } from 'node:test'
import type { AccountChange } from '../../../src/auth/account-port.ts'
import type { AccountEvents } from '../../../src/auth/feed/account-events.ts'
import { memoryAccountEvents } from '../../../src/auth/feed/memory.ts'
import { postgresAccountEvents } from '../../../src/auth/feed/postgres.ts'
import type { Database } from '../../../src/storage/postgres/database.ts'
import { openAccountBacking } from '../../storage/postgres/open-stores.ts'
import type { OpenedEvents } from './account-events-kit.ts'

export function openMemoryEvents({ maxEvents = 1_000 } = {}): OpenedEvents {
  const events = memoryAccountEvents({ maxEvents, now: Date.now, onEvent: () => {} })
  return { events, make: async (change) => events.apply(change) }
}

/** `spoil` makes them wrong. */
export async function openPostgresEvents(
  t: TestContext,
  url: string,
  spoil: (database: Database) => Partial<AccountEvents> = () => ({}),
): Promise<OpenedEvents> {
  const { backing } = await openAccountBacking(t, url)
  const { database } = backing
  const events = { ...postgresAccountEvents(backing), ...spoil(database) }
  async function make(change: AccountChange): Promise<void> {
    events.apply(change)
    const statements = events.statementsFor(change)
    if (statements.length > 0) await database.runTogether(statements)
  }
  return { events, make }
}
