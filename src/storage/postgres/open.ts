/** From the URL of a Postgres to the stores in it, once its schema is found to be the one that this version needs. */
import type { Log } from '../../log.ts'
import { StartError } from '../../start-error.ts'
import type { PostgresUrl } from '../../store-url.ts'
import type { TokenStore, TokenSweeper, UserStore } from '../ports.ts'
import { type Database, type DatabaseOptions, openDatabase } from './database.ts'
import { type Applied, coreMigrations, missingOf } from './migrations.ts'
import { postgresTokenStore } from './tokens.ts'
import { postgresUserStore } from './users.ts'

export interface OpenPostgresOptions {
  readonly url: PostgresUrl
  readonly log: Log
}

/** More connections would make Postgres slower: lists wait for one another, and gather. */
const connections = { tokens: 4, lists: 2, users: 4 }

/** Rejects with a `StartError` where the schema is another. */
export async function openPostgresTokenStore({
  url: { url },
  log,
}: OpenPostgresOptions): Promise<TokenStore & TokenSweeper> {
  const common = { url, log, mayAnswerEarly: false }
  const database = await openChecked({ ...common, maxConnections: connections.tokens })
  const hastyDatabase = openDatabase({
    ...common,
    maxConnections: connections.lists,
    mayAnswerEarly: true,
  })
  return postgresTokenStore({ database, hastyDatabase })
}

/** Rejects with a `StartError` where the schema is another. */
export async function openPostgresUserStore({
  url: { url },
  log,
}: OpenPostgresOptions): Promise<UserStore> {
  const options = { url, log, maxConnections: connections.users, mayAnswerEarly: false }
  return postgresUserStore({ database: await openChecked(options) })
}

const appliedMigrations = {
  name: 'migrations_applied',
  text: 'select owner, number, checksum from migrations.applied',
}

async function openChecked(options: DatabaseOptions): Promise<Database> {
  const database = openDatabase(options)
  try {
    const rows = await database.run(appliedMigrations, [], { isRepeatable: true })
    const applied = rows as unknown as [string, number, string][] // as the statement answers
    checkSchema(applied.map(([owner, number, checksum]) => ({ owner, number, checksum })))
    return database
  } catch (error) {
    await database.close()
    throw isMissingTable(error) ? notMigrated('no migration was applied to it yet') : error
  }
}

/** A database that is ahead of us is fine: migrations only add. */
function checkSchema(applied: readonly Applied[]): void {
  const [missing] = missingOf(coreMigrations(), applied)
  if (missing !== undefined) {
    throw notMigrated(`the migration ${missing.owner}/${missing.name} was not applied to it yet`)
  }
}

function notMigrated(why: string): StartError {
  return new StartError(
    `The database does not have the schema that this version needs: ${why}. Run ./scripts/migrate first.`,
  )
}

/** SQLSTATE of a schema or a table that is not there. */
function isMissingTable(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && ['42P01', '3F000'].includes(String(Reflect.get(cause, 'code')))
}
