import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { connectClient } from '../../kit/database-client.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { share } from '../../kit/shared-servers.ts'
import { accountEventsContract } from './account-events-contract.ts'
import { newChange, type OpenedEvents } from './account-events-kit.ts'
import { openPostgresEvents } from './open-events.ts'

/** SQLSTATE of a right that is missing. */
const insufficientPrivilege = '42501'

describe('on one Postgres', { skip: skipUnless('postgres') }, () => {
  const server = share((context) => startProvisioned(context))

  async function open(t: TestContext): Promise<OpenedEvents> {
    await server().emptyTables()
    return await openPostgresEvents(t, server().auth)
  }

  accountEventsContract('account events in Postgres', open)

  describe('account events in Postgres', () => {
    it('begin once, however many ask first', async (t) => {
      const { events } = await open(t)

      const ends = await Promise.all(Array.from({ length: 16 }, () => events.end()))

      assert.equal(new Set(ends.map(({ epoch }) => epoch)).size, 1)
    })

    it('cannot be rewritten by the role of auth, nor can their epoch', async (t) => {
      const { events, make } = await open(t)
      await make(newChange())
      const { ask } = await connectClient(t, server().auth)

      for (const statement of [
        `update auth.account_events set sub = 'forged'`,
        'truncate auth.account_events',
        `update auth.account_feed set epoch = 'forged'`,
        'delete from auth.account_feed',
      ])
        await assert.rejects(ask(statement), { code: insufficientPrivilege }, statement)

      assert.equal((await events.end()).number, 1)
    })
  })
})
