import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { databaseName } from '../kit/database-roles.ts'
import { logInDemo } from '../kit/demo.ts'
import { skipUnless } from '../kit/installed.ts'
import type { LogLine } from '../kit/log.ts'
import { startAuth, waitUntil } from '../kit/processes.ts'
import { startProvisioned } from '../kit/provisioned.ts'
import { share } from '../kit/shared-servers.ts'

describe('the cleanup of tokens in Postgres', { skip: skipUnless('postgres') }, () => {
  const shared = share((context) => startProvisioned(context))

  it('is done by two auths, each token once, and no fault comes of it', async (t) => {
    const { auth: url, postgres } = shared()
    const variables = {
      TOKEN_STORE: url,
      ACCOUNT_STORE: url,
      SESSION_TTL_SECONDS: '1',
      SERVICE_TTL_SECONDS: '1',
      CLEANUP_INTERVAL_SECONDS: '1',
    }
    const auths = [await startAuth(t, variables), await startAuth(t, variables)] as const
    const count = () => postgres.psql('select count(*) from auth.sessions', databaseName)
    for (const auth of auths) await logInDemo(auth.url)

    await waitUntil(async () => (await count()) === '0')

    const evicted = () => auths.flatMap((auth) => auth.find('cleaned up')).map(evictedOf)
    await waitUntil(() => sum(evicted()) === 2)
    for (const auth of auths) assert.doesNotMatch(auth.output(), /the cleanup failed/)
  })
})

function evictedOf({ evicted }: LogLine): number {
  return Number(evicted)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
