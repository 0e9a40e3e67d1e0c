/** A PostgreSQL with all that Sallyport needs: the database, the roles, and the tables that the migrations made. */
import type { Lifetime } from './daemon.ts'
import { createRoles, databaseName, type Role } from './database-roles.ts'
import { type PostgresOptions, type PostgresServer, startPostgres } from './postgres.ts'
import { spawnScript, type Variables } from './processes.ts'

export interface Provisioned extends Readonly<Record<Role, string>> {
  readonly postgres: PostgresServer
  /** Leaves the tables and what was migrated, and nothing in them. Waits for transactions that are under way. */
  emptyTables(): Promise<void>
}

export interface ProvisionOptions extends PostgresOptions {
  /** For the migrations. */
  readonly variables?: Variables
  /** Runs them with these variables. By default the compiled script that stands beside the compiled tests does. */
  readonly migrate?: (variables: Variables) => Promise<void>
}

/** The URLs are those of the roles. */
export async function startProvisioned(
  t: Lifetime,
  options: ProvisionOptions = {},
): Promise<Provisioned> {
  const { variables, migrate = runMigrations, ...postgresOptions } = options
  const postgres = await startPostgres(t, postgresOptions)
  const passwords = await createRoles(postgres)
  const urlOf = (role: Role) =>
    `postgres://sallyport_${role}:${passwords[role]}@127.0.0.1:${postgres.port}/${databaseName}`
  const owner = urlOf('owner')
  await migrate({ ...variables, MIGRATE_DATABASE_URL: owner })
  return {
    postgres,
    owner,
    auth: urlOf('auth'),
    business: urlOf('business'),
    emptyTables: () => emptyTables(postgres),
  }
}

/** Runs the migrations as a deployment does, in a process of their own. */
export async function runMigrations(variables: Variables): Promise<void> {
  const { ended, output } = spawnScript('../../src/main-migrate.js', variables)
  const { code } = await ended
  if (code !== 0) throw new Error(`the migrations failed: ${output()}`)
}

/** Whatever tables there are by then. */
export async function emptyTables(postgres: PostgresServer): Promise<void> {
  await postgres.psql(truncateAll, databaseName)
}

const truncateAll = `
do $$
declare tables text;
begin
  select string_agg(format('%I.%I', schemaname, tablename), ', ') into tables
  from pg_tables where schemaname in ('auth', 'business');
  if tables is not null then execute 'truncate ' || tables; end if;
end $$`
