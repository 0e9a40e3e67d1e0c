import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryAuditLog } from '../../../src/auth/audit/memory.ts'
import { auditLogContract, newEvent } from './audit-log-contract.ts'

auditLogContract('the audit log in memory', async () => ({
  audit: memoryAuditLog({ maxEvents: 1_000 }),
}))

describe('the audit log in memory', () => {
  it('drops the first for the last where there are too many', async () => {
    const audit = memoryAuditLog({ maxEvents: 3 })
    const events = Array.from({ length: 5 }, () => newEvent())

    await audit.append(events)

    const ids = (await audit.list({ limit: 10 })).map(({ id }) => id)
    assert.deepEqual(
      ids,
      events
        .slice(2)
        .map(({ id }) => id)
        .toReversed(),
    )
  })
})
