/** What only who looks into Postgres sees of accounts there. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { databaseName } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { openAccountBacking } from '../../storage/postgres/open-stores.ts'
import { ann, startAccounts } from './accounts-kit.ts'
import { sharePostgresAccounts } from './open-postgres-accounts.ts'

describe('accounts in Postgres', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgresAccounts()

  it('leave nothing alive of a registration where the address has one already', async (t) => {
    await server().emptyTables()
    const { users, backing: accountBacking } = await openAccountBacking(t, server().auth)
    const environment = { REGISTRATION: 'verified' }
    const { call, mails, core } = await startAccounts(t, { users, accountBacking, environment })
    const id = await core.accounts()?.ensure({ ...ann, roles: [] })

    const { status } = await call('POST', '/register', { json: { username: ann.username } })

    const living = `select count(*) from auth.address_claims
      where expires_at > extract(epoch from clock_timestamp()) * 1000`
    assert.equal((await server().postgres.psql(living, databaseName)).trim(), '0')
    assert.deepEqual([status, mails.at(-1)?.sub], [202, id])
  })
})
