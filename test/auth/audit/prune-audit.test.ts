import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { postgresAuditLog } from '../../../src/auth/audit/postgres.ts'
import { skipUnless } from '../../kit/installed.ts'
import { spawnScript, type Variables } from '../../kit/processes.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { share } from '../../kit/shared-servers.ts'
import { openAccountBacking } from '../../storage/postgres/open-stores.ts'
import { newEvent } from './audit-log-contract.ts'

const dayMilliseconds = 86_400_000

/** What the script leaves behind. */
async function prune(variables: Variables) {
  const { ended, output } = spawnScript('../../src/auth/audit/main-prune-audit.js', variables)
  const { code } = await ended
  return { code, output: output() }
}

describe('the script that prunes the audit', { skip: skipUnless('postgres') }, () => {
  const server = share((context) => startProvisioned(context))

  /** An audit of two thousand old events and one that is a day younger. */
  async function fill(t: TestContext) {
    await server().emptyTables()
    const { backing } = await openAccountBacking(t, server().auth)
    const audit = postgresAuditLog(backing)
    const old = Date.now() - 30 * dayMilliseconds - 60_000
    const kept = newEvent({ at: old + dayMilliseconds })
    await audit.append([kept, ...Array.from({ length: 2_000 }, () => newEvent({ at: old }))])
    const ids = async () => (await audit.list({ limit: 5_000 })).map(({ id }) => id)
    return { kept, ids }
  }

  it('removes what is older than it is told, all of it, and nothing else', async (t) => {
    const { kept, ids } = await fill(t)

    const pruned = await prune({ MIGRATE_DATABASE_URL: server().owner, AUDIT_RETENTION_DAYS: '30' })

    const output = 'Removed 2000 events that were older than 30 days.\n'
    assert.deepEqual(pruned, { code: 0, output })
    assert.deepEqual(await ids(), [kept.id])
  })

  it('keeps a year where it is told nothing', async (t) => {
    const { ids } = await fill(t)

    const pruned = await prune({ MIGRATE_DATABASE_URL: server().owner })

    assert.match(pruned.output, /^Removed 0 events that were older than 365 days\.$/m)
    assert.equal((await ids()).length, 2_001)
  })

  it('removes nothing as the role of auth, and says so', async (t) => {
    const { ids } = await fill(t)

    const { code, output } = await prune({
      MIGRATE_DATABASE_URL: server().auth,
      AUDIT_RETENTION_DAYS: '1',
    })

    assert.equal(code, 1)
    assert.match(output, /^The audit was not pruned: .*permission denied/)
    assert.equal((await ids()).length, 2_001)
  })

  it('says what is wrong with its variables', async () => {
    const { code, output } = await prune({ AUDIT_RETENTION_DAYS: '0' })

    assert.equal(code, 1)
    assert.deepEqual(output.trimEnd().split('\n'), [
      'MIGRATE_DATABASE_URL must be set.',
      'AUDIT_RETENTION_DAYS must be a whole number from 1 to 36500.',
    ])
  })
})
