import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { openClientStore } from '../../../src/auth/clients/open-client-store.ts'
import { systemClock } from '../../../src/clock.ts'
import { connectClient } from '../../kit/database-client.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { share } from '../../kit/shared-servers.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { openAccountBacking } from '../../storage/postgres/open-stores.ts'
import { passRealTime } from '../../storage/token-store-kit.ts'
import { clientStoreContract } from './client-store-contract.ts'
import { createClient } from './client-store-kit.ts'

describe('on one Postgres', { skip: skipUnless('postgres') }, () => {
  const server = share((context) => startProvisioned(context))

  async function open(t: TestContext) {
    await server().emptyTables()
    const { backing, users } = await openAccountBacking(t, server().auth)
    const store = await openClientStore(backing, systemClock)
    return { store, pass: passRealTime, users }
  }

  clientStoreContract('the Postgres client store', open)

  it('answers a fault as a fault', async (t) => {
    const { store, users } = await open(t)
    const id = await createClient(store)

    await users.close()

    await assertUnavailable(store.find(id))
    await assertUnavailable(store.setDisabled(id, true))
    await assertUnavailable(store.list({ after: undefined, limit: 1 }))
  })

  it('lets auth neither delete a client nor rename it nor allow it more', async (t) => {
    const { store } = await open(t)
    await createClient(store)
    const { ask } = await connectClient(t, server().auth)

    const forbidden = [
      'delete from auth.clients',
      'truncate auth.clients',
      `update auth.clients set id = 'another'`,
      `update auth.clients set name = 'another'`,
      `update auth.clients set scope = 'another'`,
      'update auth.clients set created_at = 0',
    ]

    for (const statement of forbidden)
      await assert.rejects(ask(statement), { code: '42501' }, statement)
  })

  it('lets business see nothing of clients', async (t) => {
    const { ask } = await connectClient(t, server().business)

    await assert.rejects(ask('select * from auth.clients'), { code: '42501' })
  })
})
