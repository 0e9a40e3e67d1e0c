import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { postgresSigningKeys } from '../../../src/auth/jwt/signing-keys-postgres.ts'
import { databaseName } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { openAccountBacking, sharePostgres } from '../../storage/postgres/open-stores.ts'
import { passRealTime } from '../../storage/token-store-kit.ts'
import { signingKeysContract } from './signing-keys-contract.ts'
import { begun, kidsOf, long, newKey } from './signing-keys-kit.ts'

describe('on one Postgres', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()

  signingKeysContract('signing keys in Postgres', async (t) => {
    await server().emptyTables()
    const { backing } = await openAccountBacking(t, server().auth)
    return { keys: postgresSigningKeys(backing), pass: passRealTime }
  })

  it('several auths see one line', async (t) => {
    await server().emptyTables()
    const [one, other] = await Promise.all(
      [1, 2].map(async () => (await openAccountBacking(t, server().auth)).backing),
    )
    assert.ok(one !== undefined && other !== undefined)
    const first = await begun(postgresSigningKeys(one))
    const next = newKey()
    await postgresSigningKeys(other).rotate(next, long)

    assert.deepEqual(await kidsOf(postgresSigningKeys(one)), [first.kid, next.kid])
  })

  it('a removed key is gone from the table, too', async (t) => {
    await server().emptyTables()
    const { backing } = await openAccountBacking(t, server().auth)
    const keys = postgresSigningKeys(backing)
    await begun(keys)
    await keys.rotate(newKey(), { publishedBeforeMilliseconds: 1, publishedAfterMilliseconds: 1 })
    await passRealTime(5)

    await keys.read()

    const count = await server().postgres.psql(
      'select count(*) from auth.signing_keys',
      databaseName,
    )
    assert.equal(count.trim(), '1')
  })

  it('are a 503 where the database is gone, and no absence', async (t) => {
    const { backing, users } = await openAccountBacking(t, server().auth)
    const keys = postgresSigningKeys(backing)
    await users.close()

    await assertUnavailable(keys.read())
    await assertUnavailable(keys.begin(newKey()))
    await assertUnavailable(keys.rotate(newKey(), long))
    await assertUnavailable(keys.replaceAll('last', newKey()))
  })
})
