/** Brings the database of `MIGRATE_DATABASE_URL` to the schema that this version needs. Run by `./scripts/migrate`. */
import { Client } from 'pg'
import { readConfigOrExit } from './run.ts'
import { StartError } from './start-error.ts'
import { migrate } from './storage/postgres/migrate.ts'
import { coreMigrations } from './storage/postgres/migrations.ts'

const config = readConfigOrExit(process.env, ['migrate'])
const say = (line: string) => void process.stdout.write(`${line}\n`)

try {
  await run()
} catch (error) {
  const { message } = error as Error // the driver and we throw nothing else
  process.stderr.write(
    error instanceof StartError ? `${message}\n` : `The migration failed: ${message}\n`,
  )
  process.exitCode = 1
}

async function run(): Promise<void> {
  const { url, hasUnloggedSessions } = config.migration
  if (url === undefined) throw new TypeError('the configuration of this program has a URL')
  const client = new Client({
    connectionString: url.url,
    application_name: 'sallyport-migrate',
    connectionTimeoutMillis: 10_000,
  })
  client.on('error', () => {}) // the query under way rejects too
  await client.connect()
  try {
    await migrate(client, { migrations: coreMigrations(), hasUnloggedSessions, report: say })
    say('The schema is the one that this version needs.')
  } finally {
    await client.end()
  }
}
