import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { addMail, postgresMailQueue } from '../../../src/auth/mail/postgres.ts'
import type { AccountBacking, PostgresBacking } from '../../../src/storage/backing.ts'
import { connectClient } from '../../kit/database-client.ts'
import { skipUnless } from '../../kit/installed.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { openAccountBacking, sharePostgres } from '../../storage/postgres/open-stores.ts'
import { passRealTime } from '../../storage/token-store-kit.ts'
import { mailQueueContract } from './mail-queue-contract.ts'
import { claimOne, idsOf, longLease, newMail, type OpenedQueue } from './mail-queue-kit.ts'

describe('the outbox in Postgres', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()

  async function openDatabase(t: TestContext) {
    const { backing } = await openAccountBacking(t, server().auth)
    return databaseOf(backing)
  }

  async function open(t: TestContext): Promise<OpenedQueue> {
    await server().emptyTables()
    const database = await openDatabase(t)
    return {
      queue: postgresMailQueue({ database }),
      add: async (mail) => void (await database.runTogether([addMail(mail)])),
      // Their clocks, and the fractions that they leave out, may differ a little.
      pass: (milliseconds) => passRealTime(milliseconds + 5),
    }
  }

  mailQueueContract('by its contract', open)

  it('is one for several processes', async (t) => {
    const { add, queue } = await open(t)
    const other = postgresMailQueue({ database: await openDatabase(t) })
    const mails = Array.from({ length: 32 }, () => newMail())
    for (const mail of mails) await add(mail)

    const halves = await Promise.all([queue, other].map((one) => one.claim(longLease)))

    assert.deepEqual(idsOf(halves.flat()).sort(), idsOf(mails).sort())
  })

  it('has a mail where the transaction is done, and none where it is not', async (t) => {
    const { queue } = await open(t)
    const database = await openDatabase(t)
    const mail = newMail()
    const nothing = { name: 'test_nothing', text: 'select 1 where false' }
    const wrong = { name: 'test_wrong', text: 'select 1 / 0' }

    await database.runTogether([{ statement: nothing, values: [] }, addMail(newMail())])
    const failing = database.runTogether([addMail(newMail()), { statement: wrong, values: [] }])
    await assertUnavailable(failing)
    await database.runTogether([addMail(mail)])

    assert.deepEqual(idsOf(await queue.claim(longLease)), [mail.id])
  })

  it('passes over a mail that a transaction under way asks for again, and waits for nobody', async (t) => {
    const { queue, add } = await open(t)
    const [held, free] = [newMail(), newMail()]
    await add(held)
    await add(free)
    const other = await connectClient(t, server().owner)
    await other.ask('begin')
    await other.ask(`update auth.outbox set attempts = 0 where id = '${held.id}'`)

    const claimed = await queue.claim(longLease)

    await other.ask('rollback')
    assert.deepEqual(idsOf(claimed), [free.id])
  })

  it('refuses where Postgres is closed to it', async (t) => {
    const { queue, add } = await open(t)
    await add(newMail())
    const claimed = await claimOne(queue)
    const opened = await openAccountBacking(t, server().auth)
    const closed = postgresMailQueue({ database: databaseOf(opened.backing) })
    await opened.users.close()

    await assertUnavailable(closed.claim(longLease))
    await assertUnavailable(closed.finish(claimed))
    await assertUnavailable(closed.retry(claimed, 1))
  })
})

function databaseOf(backing: AccountBacking | PostgresBacking) {
  if (backing.kind !== 'postgres') throw new TypeError('accounts are in Postgres here')
  return backing.database
}
