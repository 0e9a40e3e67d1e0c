/** A client that is disabled has no token afterwards, whatever else happens. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { unavailable } from '../../../src/http/refusal.ts'
import { memoryTokenStore } from '../../../src/storage/memory/tokens.ts'
import type { TokenStore } from '../../../src/storage/ports.ts'
import { skipUnless } from '../../kit/installed.ts'
import type { TestAuthOptions } from '../../kit/servers.ts'
import {
  openAccountBacking,
  openTokenBacking,
  sharePostgres,
} from '../../storage/postgres/open-stores.ts'
import { openBacking, shareRedis } from '../../storage/redis/open-tokens.ts'
import { startAdministeredAuth } from './administered-auth.ts'

const disable = { json: { disabled: true } }

describe('a client that is being disabled', () => {
  it('has no living token afterwards, however many it asked for meanwhile', async (t) => {
    await assertNoTokenSurvives(await startAdministeredAuth(t))
  })

  it('gets no token any more where its tokens could not be ended, which is a 503 and may be repeated', async (t) => {
    const store = memoryTokenStore({ now: Date.now, maxTokens: 100, reservedPlaces: 10 })
    let isFailing = false
    const tokens: TokenStore = {
      ...store,
      async revokeSubject(sub, purposes) {
        if (isFailing) throw unavailable('The store cannot do this now.')
        return await store.revokeSubject(sub, purposes)
      },
    }
    const { call, createClient, askForToken, maySayWhoIs } = await startAdministeredAuth(t, {
      tokens,
    })
    const secret = await createClient()
    const token = (await askForToken(secret)).body.access_token

    isFailing = true
    const failed = await call('PATCH', '/admin/clients/reports', disable)
    const asked = await askForToken(secret)
    isFailing = false
    const repeated = await call('PATCH', '/admin/clients/reports', disable)

    assert.deepEqual([failed.status, failed.body.error], [503, 'temporarily_unavailable'])
    assert.equal(asked.status, 401)
    assert.equal(repeated.status, 204)
    assert.equal(await maySayWhoIs(token), false)
  })
})

const skip = skipUnless('postgres', 'redis-server')

describe('a client in Postgres that is being disabled', { skip }, () => {
  const { server: database } = sharePostgres()
  const { url: redisUrl } = shareRedis()

  async function start(t: TestContext, stores: Pick<TestAuthOptions, 'tokens' | 'tokenBacking'>) {
    await database().emptyTables()
    const { users, backing: accountBacking } = await openAccountBacking(t, database().auth)
    return await startAdministeredAuth(t, { ...stores, users, accountBacking })
  }

  it('has no living token afterwards in Postgres', async (t) => {
    const { tokens, backing: tokenBacking } = await openTokenBacking(t, database().auth)

    await assertNoTokenSurvives(await start(t, { tokens, tokenBacking }))
  })

  it('has no living token afterwards in Redis', async (t) => {
    const { tokens, backing: tokenBacking } = openBacking(t, redisUrl())

    await assertNoTokenSurvives(await start(t, { tokens, tokenBacking }))
  })
})

const rounds = Array.from({ length: 10 }, (_, index) => index)
const callers = Array.from({ length: 16 }, (_, index) => index)

/** Disables clients while each gets the first of 16 tokens, and looks for one that lives. */
async function assertNoTokenSurvives({
  call,
  createClient,
  askForToken,
  maySayWhoIs,
}: Awaited<ReturnType<typeof startAdministeredAuth>>): Promise<void> {
  for (const round of rounds) {
    const id = `client-${round}`
    const secret = await createClient({ id })
    const asking = callers.map(() => askForToken(secret, id))
    await Promise.race(asking)
    const disabled = await call('PATCH', `/admin/clients/${id}`, disable)
    assert.equal(disabled.status, 204)

    const issued = (await Promise.all(asking)).flatMap(({ body }) => body.access_token ?? [])
    assert.notEqual(issued.length, 0)
    const alive = await Promise.all(issued.map(maySayWhoIs))
    assert.ok(!alive.includes(true), `round ${round}`)
  }
}
