import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRoles, databaseName } from './database-roles.ts'
import { skipUnless } from './installed.ts'
import { startPostgres } from './postgres.ts'
import { emptyTables } from './provisioned.ts'
import { share } from './shared-servers.ts'

const skip = skipUnless('postgres', 'initdb', 'psql')

describe('a provisioned PostgreSQL', { skip }, () => {
  const provisioned = share(async (context) => {
    const postgres = await startPostgres(context)
    return { postgres, passwords: await createRoles(postgres) }
  })

  it('has a database whose owner may make schemas, which the servers may not', async () => {
    const { postgres } = provisioned()

    const rights = await postgres.psql(
      `select role, has_database_privilege(role, '${databaseName}', 'connect') as connect,
        has_database_privilege(role, '${databaseName}', 'create') as create
      from unnest('{sallyport_owner,sallyport_auth,sallyport_business}'::text[]) as role`,
    )

    assert.deepEqual(rights.split('\n'), [
      'sallyport_owner|t|t',
      'sallyport_auth|t|f',
      'sallyport_business|t|f',
    ])
  })

  it('gives each role a password of its own', () => {
    const { passwords } = provisioned()

    assert.equal(new Set(Object.values(passwords)).size, 3)
  })

  it('is emptied without forgetting what was migrated', async () => {
    const { postgres } = provisioned()
    const tables = ['auth."some tokens"', 'auth.users', 'business.notes', 'migrations.applied']
    await postgres.psql(
      `create schema auth; create schema business; create schema migrations;
      ${tables.map((table) => `create table ${table} as select 1;`).join('\n')}`,
      databaseName,
    )

    await emptyTables(postgres)

    const counts = tables.map((table) => `select count(*) from ${table};`).join('\n')
    assert.equal(await postgres.psql(counts, databaseName), '0\n0\n0\n1')
  })
})
