/** Applies migrations as the owner of the database. Of several at once one works and the others wait for it. */
import type { Client } from 'pg'
import { StartError } from '../../start-error.ts'
import type { MigrationFolder } from '../migration-folder.ts'
import { describeReason, withConnection } from './connection.ts'
import { type Applied, allMigrations, type Migration, missingOf } from './migrations.ts'

export interface MigrateOptions {
  readonly migrations: readonly Migration[]
  /** Whether sliding sessions do without a log of their changes: faster, and gone after a crash of the database. */
  readonly hasUnloggedSessions: boolean
  readonly report: (line: string) => void
}

/** Any number, the same in all processes. */
const migrationLock = 7_216_953

const bookkeeping = `
  create schema if not exists migrations;
  grant usage on schema migrations to sallyport_auth, sallyport_business;
  create table if not exists migrations.applied (
    owner text not null,
    number integer not null,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now(),
    primary key (owner, number)
  );
  grant select on migrations.applied to sallyport_auth, sallyport_business;
`

export interface MigrateDatabaseOptions extends Omit<MigrateOptions, 'migrations'> {
  /** Of the owner. */
  readonly url: string
  /** Those of the capabilities. */
  readonly folders: readonly MigrationFolder[]
}

/** All that this version needs. Rejects with a `StartError` where it cannot be done. */
export async function migrateDatabase({
  url,
  folders,
  ...options
}: MigrateDatabaseOptions): Promise<void> {
  const migrations = allMigrations(folders)
  try {
    await withConnection({ url, name: 'sallyport-migrate' }, (client) =>
      migrate(client, { ...options, migrations }),
    )
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`The migration failed: ${describeReason(error)}.`)
  }
}

export async function migrate(
  client: Client,
  { migrations, hasUnloggedSessions, report }: MigrateOptions,
): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [migrationLock]) // ends with the connection
  await inTransaction(client, bookkeeping)
  const { rows } = await client.query<Applied>(
    'select owner, number, checksum from migrations.applied',
  )
  for (const migration of missingOf(migrations, rows)) {
    await apply(client, migration)
    report(`applied ${migration.owner}/${migration.name}`)
  }
  await setLogging(client, hasUnloggedSessions, report)
}

async function apply(
  client: Client,
  { owner, number, name, checksum, sql }: Migration,
): Promise<void> {
  const note =
    'insert into migrations.applied (owner, number, name, checksum) values ($1, $2, $3, $4)'
  try {
    await inTransaction(client, sql, () => client.query(note, [owner, number, name, checksum]))
  } catch (error) {
    throw new StartError(`The migration ${owner}/${name} failed: ${describeReason(error)}.`)
  }
}

async function inTransaction(
  client: Client,
  sql: string,
  andThen: () => Promise<unknown> = async () => {},
): Promise<void> {
  await client.query('begin')
  try {
    await client.query(sql)
    await andThen()
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {}) // the end of a connection is one, too
    throw error
  }
}

/** A table is rewritten only where it is not so already. */
async function setLogging(
  client: Client,
  isUnlogged: boolean,
  report: MigrateOptions['report'],
): Promise<void> {
  const { rows } = await client.query<{ relpersistence: string }>(
    `select relpersistence from pg_class where oid = 'auth.sessions'::regclass`,
  )
  if ((rows[0]?.relpersistence === 'u') === isUnlogged) return
  const wanted = isUnlogged ? 'unlogged' : 'logged'
  await client.query(`alter table auth.sessions set ${wanted}`)
  report(`sessions are ${wanted} now`)
}
