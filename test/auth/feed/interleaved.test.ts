/** Transactions that write account events and are committed in another order than they began. */
import assert from 'node:assert/strict'
import { describe, type TestContext } from 'node:test'
import type { AccountEvent, AccountEvents } from '../../../src/auth/feed/account-events.ts'
import type { Database } from '../../../src/storage/postgres/database.ts'
import { connectClient, type DatabaseClient } from '../../kit/database-client.ts'
import { databaseName } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { share } from '../../kit/shared-servers.ts'
import { type Case, describeCases } from '../../storage/contract.ts'
import { itNotices } from '../../storage/wrong-store.ts'
import { newChange, type OpenedEvents } from './account-events-kit.ts'
import { openPostgresEvents } from './open-events.ts'

interface Interleaved extends OpenedEvents {
  readonly client: DatabaseClient
}

/** What follows a change in a transaction that is under way, and one that began later; and how to end the first. */
async function interleave({ events, make, client }: Interleaved) {
  const [slow, quick] = [newChange(), newChange()]
  await client.ask('begin')
  for (const { statement, values } of events.statementsFor(slow))
    await client.ask(statement.text, values)
  const made = make(quick)
  await Promise.race([made, waitUntil(client.isWaitedFor)])
  async function end(how: 'commit' | 'rollback'): Promise<void> {
    await client.ask(how)
    await made
  }
  return { slow: slow.userId, quick: quick.userId, end }
}

const cases: readonly Case<Interleaved>[] = [
  {
    sentence: 'hides nothing from who reads on while an earlier transaction is under way',
    run: async (opened) => {
      const { events } = opened
      const start = await events.end()
      const { slow, quick, end } = await interleave(opened)
      const meanwhile = (await events.after(start, 10)) ?? []

      await end('commit')

      const number = meanwhile.at(-1)?.number ?? 0
      const later = (await events.after({ ...start, number }, 10)) ?? []
      assert.deepEqual(
        [...meanwhile, ...later].map(({ sub }) => sub),
        [slow, quick],
      )
    },
  },
  {
    sentence: 'leaves no gap where a transaction is rolled back',
    run: async (opened) => {
      const { events } = opened
      const start = await events.end()
      const { quick, end } = await interleave(opened)

      await end('rollback')

      const told = (await events.after(start, 10)) ?? []
      assert.deepEqual(
        told.map(({ number, sub }) => [number, sub]),
        [[1, quick]],
      )
    },
  },
]

/** As an identity column would number them. */
function numberedBySequence(database: Database): Partial<AccountEvents> {
  const add = `insert into auth.account_events (number, type, sub, at)
    values (nextval('auth.wrong_numbers'), 'renamed', $1, 0) returning number`
  const after = 'select number, sub from auth.account_events where number > $1 order by number'
  const readEvent = ([number, sub]: readonly unknown[]): AccountEvent => ({
    number: Number(number),
    type: 'renamed',
    sub: String(sub),
    name: undefined,
    at: 0,
  })
  return {
    statementsFor: ({ userId }) => [
      { statement: { name: 'wrong_add', text: add }, values: [userId] },
    ],
    after: async ({ number }) => {
      const statement = { name: 'wrong_after', text: after }
      return (await database.run(statement, [number], { isRepeatable: true })).map(readEvent)
    },
  }
}

const makeSequence = `create sequence if not exists auth.wrong_numbers;
  alter sequence auth.wrong_numbers restart;
  grant usage on auth.wrong_numbers to sallyport_auth`

describe('account events of two transactions', { skip: skipUnless('postgres') }, () => {
  const server = share((context) => startProvisioned(context))

  async function open(t: TestContext, spoil?: typeof numberedBySequence): Promise<Interleaved> {
    await server().emptyTables()
    await server().postgres.psql(makeSequence, databaseName)
    const opened = await openPostgresEvents(t, server().auth, spoil)
    return { ...opened, client: await connectClient(t, server().auth) }
  }

  describeCases('in Postgres', cases, open)

  for (const { sentence } of cases)
    itNotices(
      {
        what: `numbers them by a sequence (${sentence})`,
        isCaughtBy: sentence,
        open: (t) => open(t, numberedBySequence),
      },
      cases,
    )
})
