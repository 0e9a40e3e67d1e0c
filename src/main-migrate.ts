/** Brings the database of `MIGRATE_DATABASE_URL` to the schema that this version needs. Run by `./scripts/migrate`. */
import { capabilities } from './auth/capabilities.ts'
import { migrationsOf } from './auth/capability.ts'
import { runScript } from './script.ts'
import { withDriver } from './storage/with-driver.ts'

const name = 'migrate'
await runScript({ name, programs: [name] }, process.env, async ({ config: { migration } }) => {
  const { url, hasUnloggedSessions } = migration
  if (url === undefined) throw new TypeError('the configuration of this program has a URL')
  const report = (line: string) => void process.stdout.write(`${line}\n`)
  const importing = import('./storage/postgres/migrate.ts')
  const { migrateDatabase } = await withDriver('pg', importing)
  const folders = migrationsOf(capabilities)
  await migrateDatabase({ url: url.url, folders, hasUnloggedSessions, report })
  report('The schema is the one that this version needs.')
})
