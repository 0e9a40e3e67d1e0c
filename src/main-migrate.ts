/** Brings the database of `MIGRATE_DATABASE_URL` to the schema that this version needs. Run by `./scripts/migrate`. */
import { readConfigOrExit } from './run.ts'
import { StartError } from './start-error.ts'
import { describeReason, withConnection } from './storage/postgres/connection.ts'
import { migrate } from './storage/postgres/migrate.ts'
import { coreMigrations } from './storage/postgres/migrations.ts'

const { url, hasUnloggedSessions } = readConfigOrExit(process.env, ['migrate']).migration
if (url === undefined) throw new TypeError('the configuration of this program has a URL')
const report = (line: string) => void process.stdout.write(`${line}\n`)

try {
  const options = { migrations: coreMigrations(), hasUnloggedSessions, report }
  await withConnection({ url: url.url, name: 'sallyport-migrate' }, (client) =>
    migrate(client, options),
  )
  report('The schema is the one that this version needs.')
} catch (error) {
  const sentence =
    error instanceof StartError ? error.message : `The migration failed: ${describeReason(error)}.`
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
}
