/** Brings the database of `MIGRATE_DATABASE_URL` to the schema that this version needs. Run by `./scripts/migrate`. */
import { capabilities as authCapabilities } from './auth/capabilities.ts'
import { capabilities as businessCapabilities } from './business/capabilities.ts'
import { runScript } from './script.ts'
import { migrationsOf } from './storage/migration-folder.ts'
import { withDriver } from './storage/with-driver.ts'

const name = 'migrate'
await runScript({ name, programs: [name] }, process.env, async ({ config: { migration } }) => {
  const { url, hasUnloggedSessions } = migration
  if (url === undefined) throw new TypeError('the configuration of this program has a URL')
  const report = (line: string) => void process.stdout.write(`${line}\n`)
  const importing = import('./storage/postgres/migrate.ts')
  const { migrateDatabase } = await withDriver('pg', importing)
  const folders = migrationsOf([...authCapabilities, ...businessCapabilities])
  await migrateDatabase({ url: url.url, folders, hasUnloggedSessions, report })
  report('The schema is the one that this version needs.')
})
