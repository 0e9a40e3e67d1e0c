/** From the URL of a Postgres to the stores in it, once its schema is found to be the one that this version needs. */
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { PostgresUrl } from '../../store-url.ts'
import type { TokenStore, TokenSweeper, UserStore } from '../ports.ts'
import { checkSchema } from './check-schema.ts'
import { openDatabase } from './database.ts'
import { postgresTokenStore } from './tokens.ts'
import { postgresUserStore } from './users.ts'

export interface OpenPostgresOptions {
  readonly url: PostgresUrl
  readonly clock: Clock
  readonly log: Log
}

/** More would make Postgres slower: lists wait for one another, and gather. Together they are what one auth opens. */
const connections = { tokens: 3, reserved: 2, lists: 2, users: 3 }

/** Rejects with a `StartError` where the schema is another. */
export async function openPostgresTokenStore({
  url: { url },
  log,
  clock,
}: OpenPostgresOptions): Promise<TokenStore & TokenSweeper> {
  await checkSchema(url)
  const { tokens, reserved, lists } = connections
  const common = { url, clock, log }
  return postgresTokenStore({
    database: openDatabase({ ...common, maxConnections: tokens, mayAnswerEarly: false }),
    reservedDatabase: openDatabase({ ...common, maxConnections: reserved, mayAnswerEarly: false }),
    hastyDatabase: openDatabase({ ...common, maxConnections: lists, mayAnswerEarly: true }),
  })
}

/** Rejects with a `StartError` where the schema is another. */
export async function openPostgresUserStore({
  url: { url },
  log,
  clock,
}: OpenPostgresOptions): Promise<UserStore> {
  await checkSchema(url)
  const { users } = connections
  const options = { url, clock, log, maxConnections: users, mayAnswerEarly: false }
  return postgresUserStore({ database: openDatabase(options) })
}
