import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { maxClaims } from '../../../src/auth/accounts/account-store.ts'
import { databaseName } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { accountStoreContract } from './account-store-contract.ts'
import { newAccount, nothingElse } from './account-store-kit.ts'
import { sharePostgresAccounts } from './open-postgres-accounts.ts'

describe('on Postgres', { skip: skipUnless('postgres') }, () => {
  const { server, open } = sharePostgresAccounts()

  accountStoreContract('accounts', open)

  it('claims are refused when there are too many', async (t) => {
    const { claims } = await open(t)
    const fill = `insert into auth.address_claims
      select 'sub ' || i, 'x', 9999999999999 from generate_series(1, ${maxClaims}) as i`
    await server().postgres.psql(fill, databaseName)

    const refused = claims.hold({ sub: 'one more', username: 'x' }, 60, [])

    await assertUnavailable(refused)
    assert.equal(await claims.find('one more'), undefined)
  })

  it('a change is a fault where the database is away, and nobody is told that a name is taken', async (t) => {
    const { accounts, users } = await open(t)
    const account = newAccount()
    await accounts.create(account, nothingElse)
    await users.close()

    await assertUnavailable(accounts.replace(account, { ...account, name: 'x' }, nothingElse))
  })
})
