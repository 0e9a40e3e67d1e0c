/** The audit: what happened, who did it and from where, kept where nothing that auth does can change it. */
import { randomBytes } from 'node:crypto'
import { route } from '../../http/router.ts'
import type { AccountBacking } from '../../storage/backing.ts'
import { capability } from '../capability.ts'
import type { AuditLog } from './audit-log.ts'
import { memoryAuditLog } from './memory.ts'
import { createRecorder } from './recorder.ts'
import { auditVariables, checkVariables } from './settings.ts'
import { showAudit } from './show-audit.ts'
import { createSummaries } from './summaries.ts'
import { createWriter } from './writer.ts'

/** For how long repeated failures are summed up before they are written. */
const windowMilliseconds = 60_000
const maxGroups = 1_000
const maxEventsInMemory = 10_000

export const audit = capability({
  name: 'audit',
  variables: auditVariables,
  check: checkVariables,
  migrations: new URL('migrations/', import.meta.url),
  async register(core, { AUDIT_HASH_SECRET }) {
    const { tokens, purposes, kinds, clock, log, environment } = core
    const opened = await openAuditLog(core.accountBacking)
    const writer = createWriter({ audit: opened, clock, log })
    const demoSecret = environment === 'demo' ? randomBytes(32).toString('base64url') : undefined
    const recorder = createRecorder({
      writer,
      summaries: createSummaries({ maxGroups }),
      now: clock.now,
      hashSecret: AUDIT_HASH_SECRET ?? demoSecret,
    })
    core.release(async () => {
      recorder.sumUp()
      await writer.close()
    })
    const showing = { audit: opened, tokens, purpose: purposes.session, kinds }
    return {
      listener: recorder.hear,
      routes: [route('/admin/audit', { GET: showAudit(showing) })],
      jobs: [() => clock.every(windowMilliseconds, () => recorder.sumUp())],
    }
  },
})

async function openAuditLog(backing: AccountBacking): Promise<AuditLog> {
  if (backing.kind === 'memory') return memoryAuditLog({ maxEvents: maxEventsInMemory })
  const { postgresAuditLog } = await import('./postgres.ts')
  return postgresAuditLog(backing)
}
