import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { maxRegistrations } from '../../../src/auth/accounts/account-store.ts'
import { postgresAccountStores } from '../../../src/auth/accounts/postgres.ts'
import type { Database } from '../../../src/storage/postgres/database.ts'
import { connectClient } from '../../kit/database-client.ts'
import { databaseName } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { openAccountBacking } from '../../storage/postgres/open-stores.ts'
import { accountStoreContract } from './account-store-contract.ts'
import { newAccount, nothingElse } from './account-store-kit.ts'
import { sharePostgresAccounts } from './open-postgres-accounts.ts'

describe('on Postgres', { skip: skipUnless('postgres') }, () => {
  const { server, open } = sharePostgresAccounts()

  accountStoreContract('accounts', open)

  it('accounts to come are refused when there are too many, until some of them are dead', async (t) => {
    const { claims } = await open(t)
    const fill = `insert into auth.address_claims
      select 'sub ' || i, 'x ' || i, 0, true from generate_series(1, ${maxRegistrations}) as i`
    await server().postgres.psql(fill, databaseName)

    const refused = claims.begin({ sub: 'one more', username: 'x' }, 60)

    await assertUnavailable(refused)
    assert.equal(await claims.find('one more'), undefined)
    await claims.hold({ sub: 'somebody', username: 'x' }, 60, [])
    await claims.sweep(1)
    assert.equal(await claims.begin({ sub: 'one more', username: 'x' }, 60), 'one more')
    await assertUnavailable(claims.begin({ sub: 'yet one more', username: 'y' }, 60))
  })

  it('accounts to come are counted once between two sweeps', async (t) => {
    await server().emptyTables()
    const { backing } = await openAccountBacking(t, server().auth)
    const { database, asked } = watched(backing.database)
    const neighbours = { followers: () => [], outbox: () => undefined }
    const { claims } = postgresAccountStores({ database, ...neighbours })
    const beginMany = async () => {
      for (let times = 0; times < 20; times++)
        await claims.begin({ sub: randomUUID(), username: randomUUID() }, 60)
    }

    await beginMany()
    await claims.sweep(1)
    await beginMany()

    const counts = asked.filter((name) => name === 'accounts_countRegistrations')
    assert.equal(counts.length, 2)
  })

  it('two accounts that change each other are locked in one order, so nobody waits in a circle', async (t) => {
    const { accounts } = await open(t)
    const [first, second] = [newAccount({ id: 'a' }), newAccount({ id: 'b' })]
    for (const one of [first, second]) await accounts.create(one, nothingElse)
    const { ask } = await connectClient(t, server().owner)
    const waiting = 'select count(*) from pg_locks where not granted'
    await ask('begin')
    await ask(`select from auth.users where id = 'a' for update`)

    const changes = Promise.allSettled([
      accounts.replaceBy(first, second, { ...second, isDisabled: true }, nothingElse),
      accounts.replaceBy(second, first, { ...first, isDisabled: true }, nothingElse),
    ])

    await waitUntil(async () => Number((await ask(waiting))[0]?.[0]) === 2)
    await assert.doesNotReject(ask(`select from auth.users where id = 'b' for update nowait`))
    await ask('commit')
    await changes
  })

  it('a change is a fault where the database is away, and nobody is told that a name is taken', async (t) => {
    const { accounts, users } = await open(t)
    const account = newAccount()
    await accounts.create(account, nothingElse)
    await users.close()

    await assertUnavailable(accounts.replace(account, { ...account, name: 'x' }, nothingElse))
  })
})

/** Tells the names of what it is asked. */
function watched(database: Database) {
  const asked: string[] = []
  const run: Database['run'] = (statement, values, options) => {
    asked.push(statement.name)
    return database.run(statement, values, options)
  }
  return { database: { ...database, run }, asked }
}
