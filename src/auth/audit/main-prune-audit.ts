/** Removes from the database of `MIGRATE_DATABASE_URL` the audit events that are older than `AUDIT_RETENTION_DAYS`. */
import { readConfigOrExit, reasonOf } from '../../run.ts'
import { withDriver } from '../../storage/with-driver.ts'
import type { SoundValuesOf } from '../../variable-kinds.ts'
import { auditVariables } from './settings.ts'

// What says where the owner's database is belongs to the migration.
const programs = ['migrate', 'pruneAudit']
const { migration, extensions } = readConfigOrExit(process.env, programs, [
  { variables: auditVariables },
])
const { url } = migration
if (url === undefined) throw new TypeError('the configuration of this program has a URL')
const values = extensions.get(auditVariables) as SoundValuesOf<typeof auditVariables> // read just above

try {
  const { pruneAudit } = await withDriver('pg', import('./prune.ts'))
  const retentionDays = values.AUDIT_RETENTION_DAYS
  const removed = await pruneAudit({ url: url.url, retentionDays })
  process.stdout.write(`Removed ${removed} events that were older than ${retentionDays} days.\n`)
} catch (error) {
  process.stderr.write(`The audit was not pruned: ${reasonOf(error)}\n`)
  process.exitCode = 1
}
