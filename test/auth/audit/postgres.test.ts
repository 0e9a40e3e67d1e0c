import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { postgresAuditLog } from '../../../src/auth/audit/postgres.ts'
import { connectClient } from '../../kit/database-client.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { share } from '../../kit/shared-servers.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { openAccountBacking } from '../../storage/postgres/open-stores.ts'
import { auditLogContract, newEvent, type OpenedAudit } from './audit-log-contract.ts'

/** SQLSTATE of a right that is missing. */
const insufficientPrivilege = '42501'

describe('on one Postgres', { skip: skipUnless('postgres') }, () => {
  const server = share((context) => startProvisioned(context))

  async function open(t: TestContext): Promise<OpenedAudit> {
    await server().emptyTables()
    const { backing } = await openAccountBacking(t, server().auth)
    return { audit: postgresAuditLog(backing) }
  }

  auditLogContract('the audit log in Postgres', open)

  describe('the audit log in Postgres', () => {
    it('cannot be changed, pruned or emptied by the role of auth', async (t) => {
      const { audit } = await open(t)
      await audit.append([newEvent()])
      const { ask } = await connectClient(t, server().auth)

      for (const statement of [
        `update auth.audit_events set type = 'forged'`,
        'update auth.audit_events set sub = null',
        'delete from auth.audit_events',
        'truncate auth.audit_events',
        'drop table auth.audit_events',
        'alter table auth.audit_events add column mine text',
      ])
        await assert.rejects(ask(statement), { code: insufficientPrivilege }, statement)

      assert.equal((await audit.list({ limit: 10 })).length, 1)
    })

    it('cannot be seen by the role of business', async (t) => {
      const { ask } = await connectClient(t, server().business)

      const asked = ask('select * from auth.audit_events')

      await assert.rejects(asked, { code: insufficientPrivilege })
    })

    it('says that it is unavailable where its store is closed', async (t) => {
      const { users, backing } = await openAccountBacking(t, server().auth)
      const audit = postgresAuditLog(backing)

      await users.close()

      await assertUnavailable(audit.append([newEvent()]))
      await assertUnavailable(audit.list({ limit: 1 }))
    })
  })
})
