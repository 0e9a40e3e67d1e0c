/** One real Postgres with the roles and the database and, before each test, nothing in it; and the script that migrates. */
import { Client } from 'pg'
import type { Lifetime } from '../../kit/daemon.ts'
import { databaseName } from '../../kit/database-roles.ts'
import type { PostgresOptions } from '../../kit/postgres.ts'
import { spawnScript, type Variables } from '../../kit/processes.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { share } from '../../kit/shared-servers.ts'

/** To be called once in a file. */
export function shareUnmigrated(options: PostgresOptions = {}) {
  const migrate = async () => {}
  const server = share((context) => startProvisioned(context, { ...options, migrate }))
  const psql = (sql: string) => server().postgres.psql(sql, databaseName)
  return {
    server,
    psql,
    /** Runs the script as the owner, unless other variables say otherwise. */
    runMigrate: (variables: Variables = {}) =>
      runScript({ MIGRATE_DATABASE_URL: server().owner, ...variables }),
    /** Drops all that migrations made. */
    forget: () => psql('drop schema if exists auth, business, migrations cascade'),
    /** The tables of auth and what was applied when, as one text. */
    describeDatabase: () =>
      psql(`
        select table_name, column_name, data_type from information_schema.columns
        where table_schema = 'auth' order by 1, 2;
        select * from migrations.applied order by owner, number`),
    /** The owner, connected until the test ends. */
    connectOwner: (t: Lifetime) => connectClient(t, server().owner),
  }
}

async function runScript(variables: Variables) {
  const { ended, output } = spawnScript('../../src/main-migrate.js', variables)
  const { code } = await ended
  return { code, output: output() }
}

async function connectClient(t: Lifetime, url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {}) // the statement under way rejects too
  t.after(() => client.end())
  await client.connect()
  return client
}
