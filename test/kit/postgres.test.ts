import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Client } from 'pg'
import { skipUnless } from './installed.ts'
import { type PostgresServer, startPostgres } from './postgres.ts'
import { waitUntil } from './processes.ts'
import { share } from './shared-servers.ts'

const skip = skipUnless('postgres', 'initdb', 'psql')

async function rowsOf(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  try {
    await client.connect()
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function makeTables(postgres: PostgresServer): Promise<void> {
  await postgres.psql(`
    create table kept (value int);
    create unlogged table unlogged (value int);
    insert into kept values (1);
    insert into unlogged values (1)`)
}

describe('a PostgreSQL of the kit', { skip }, () => {
  const postgres = share((context) =>
    startPostgres(context, { maxConnections: 17, settings: { work_mem: '5MB' } }),
  )

  it('lets the superuser in over TCP, into each database', async () => {
    const url = await postgres().createDatabase('some_database')

    const rows = await rowsOf(url, 'select current_user, current_database()')

    assert.deepEqual(rows, [{ current_user: 'postgres', current_database: 'some_database' }])
  })

  it('refuses a wrong password over TCP', async () => {
    const url = new URL(postgres().adminUrl)
    url.password = 'wrong'

    await assert.rejects(rowsOf(url.href, 'select 1'), /password authentication failed/)
  })

  it('has the settings that the test asked for', async () => {
    const settings = await postgres().psql('show max_connections; show work_mem; show fsync')

    assert.equal(settings, '17\n5MB\noff')
  })

  it('stops at the first statement that fails', async () => {
    await assert.rejects(postgres().psql('select 1/0; create table never ()'), /division by zero/)

    assert.equal(await postgres().psql(`select to_regclass('never') is null`), 't')
  })
})

describe('a PostgreSQL of the kit that goes and returns', { skip }, () => {
  it('cuts its clients when it is stopped, and then has everything', async (t) => {
    const postgres = await startPostgres(t, { fsync: true })
    await makeTables(postgres)
    const client = new Client({ connectionString: postgres.adminUrl })
    await client.connect()
    const errors: string[] = []
    client.on('error', (error) => errors.push(error.message))

    await postgres.stop()
    await waitUntil(() => errors.length > 0)
    assert.equal(errors[0], 'terminating connection due to administrator command')
    await assert.rejects(rowsOf(postgres.adminUrl, 'select 1'), /ECONNREFUSED/)
    await postgres.restart()

    assert.equal(await postgres.psql('table kept; table unlogged; show fsync'), '1\n1\non')
  })

  it('has all but the unlogged after a crash', async (t) => {
    const postgres = await startPostgres(t)
    await makeTables(postgres)

    await postgres.stop('SIGQUIT')
    await postgres.restart()

    assert.equal(await postgres.psql('table kept; table unlogged'), '1')
  })

  it('says why it did not start', async (t) => {
    await assert.rejects(startPostgres(t, { settings: { nonsense: 1 } }), /nonsense/)
  })
})
