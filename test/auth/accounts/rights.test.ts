import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { connectClient } from '../../kit/database-client.ts'
import { skipUnless } from '../../kit/installed.ts'
import { sharePostgresAccounts } from './open-postgres-accounts.ts'

describe('the role of auth', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgresAccounts()

  it('may not change when an account was made, nor which change a revocation is of', async (t) => {
    const { ask } = await connectClient(t, server().auth)

    for (const statement of [
      'update auth.users set created_at = 1',
      `update auth.pending_revocations set sub = 'another'`,
      'truncate auth.users',
      'truncate auth.address_claims',
    ])
      await assert.rejects(ask(statement), { code: '42501' }, statement)
  })
})
