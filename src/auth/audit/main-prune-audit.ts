/** Removes from the database of `MIGRATE_DATABASE_URL` the audit events that are older than `AUDIT_RETENTION_DAYS`. */
import { runScript } from '../../script.ts'
import { withDriver } from '../../storage/with-driver.ts'
import type { SoundValuesOf } from '../../variable-kinds.ts'
import { auditVariables } from './settings.ts'

const script = {
  name: 'pruneAudit',
  // What says where the owner's database is belongs to the migration.
  programs: ['migrate', 'pruneAudit'],
  extensions: [{ variables: auditVariables }],
  failure: 'The audit was not pruned',
}
await runScript(script, process.env, async ({ config: { migration, extensions } }) => {
  const { url } = migration
  if (url === undefined) throw new TypeError('the configuration of this program has a URL')
  const values = extensions.get(auditVariables) as SoundValuesOf<typeof auditVariables> // as read above
  const retentionDays = values.AUDIT_RETENTION_DAYS
  const { pruneAudit } = await withDriver('pg', import('./prune.ts'))
  const removed = await pruneAudit({ url: url.url, retentionDays })
  process.stdout.write(`Removed ${removed} events that were older than ${retentionDays} days.\n`)
})
