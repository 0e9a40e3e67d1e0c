/** From the URL of a Postgres to the stores in it, once its schema is found to be the one that this version needs. */
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { PostgresUrl } from '../../store-url.ts'
import type { PostgresBacking } from '../backing.ts'
import type { MigrationFolder } from '../migration-folder.ts'
import type { TokenStore, TokenSweeper, UserStore } from '../ports.ts'
import { checkSchema } from './check-schema.ts'
import { openDatabase } from './database.ts'
import { postgresTokenStore } from './tokens.ts'
import { postgresUserStore } from './users.ts'

export interface OpenPostgresOptions {
  readonly url: PostgresUrl
  readonly clock: Clock
  readonly log: Log
  readonly migrations: readonly MigrationFolder[]
}

/** More would make Postgres slower: lists wait for one another, and gather. Together they are what one auth opens. */
const connections = { tokens: 3, reserved: 2, lists: 2, users: 3, content: 4 }

/** Rejects with a `StartError` where the schema is another. */
export async function openPostgresTokenStore({
  url: { url },
  log,
  clock,
  migrations,
}: OpenPostgresOptions): Promise<{ tokens: TokenStore & TokenSweeper; backing: PostgresBacking }> {
  await checkSchema(url, migrations)
  const { tokens, reserved, lists } = connections
  const common = { url, clock, log }
  const database = openDatabase({ ...common, maxConnections: tokens, mayAnswerEarly: false })
  const store = postgresTokenStore({
    database,
    reservedDatabase: openDatabase({ ...common, maxConnections: reserved, mayAnswerEarly: false }),
    hastyDatabase: openDatabase({ ...common, maxConnections: lists, mayAnswerEarly: true }),
  })
  return { tokens: store, backing: { kind: 'postgres', database } }
}

/** Rejects with a `StartError` where the schema is another. */
export async function openPostgresUserStore({
  url: { url },
  log,
  clock,
  migrations,
}: OpenPostgresOptions): Promise<{ users: UserStore; backing: PostgresBacking }> {
  await checkSchema(url, migrations)
  const { users } = connections
  const options = { url, clock, log, maxConnections: users, mayAnswerEarly: false }
  const database = openDatabase(options)
  return { users: postgresUserStore({ database }), backing: { kind: 'postgres', database } }
}

/** Rejects with a `StartError` where the schema is another. */
export async function openPostgresContent({
  url: { url },
  log,
  clock,
  migrations,
}: OpenPostgresOptions): Promise<PostgresBacking> {
  await checkSchema(url, migrations)
  const { content: maxConnections } = connections
  const applicationName = 'sallyport-business'
  const options = { url, applicationName, clock, log, maxConnections, mayAnswerEarly: false }
  return { kind: 'postgres', database: openDatabase(options) }
}
