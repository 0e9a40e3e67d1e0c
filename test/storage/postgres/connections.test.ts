/** Which connections one auth opens, and that no kind of work waits behind another. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { connectClient } from '../../kit/database-client.ts'
import { databaseName } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { assertUnavailable } from '../contract.ts'
import { issue, service, session } from '../token-store-kit.ts'
import { openTokens, openUsers, sharePostgres } from './open-stores.ts'

describe('the stores of one auth on Postgres', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()

  it('have ten connections at most, and six auths the right to as many each', async (t) => {
    const [store, users] = [await openTokens(t, server().auth), await openUsers(t, server().auth)]
    const { key } = await issue(store)

    const calls = Array.from({ length: 30 }, () => [
      store.peek(key, session),
      store.peek(key, service),
      store.reinflate([key], session),
      users.findById(''),
    ])
    await Promise.all(calls.flat())

    const [connections, limit] = await Promise.all(
      [
        `select count(*) from pg_stat_activity where usename = 'sallyport_auth'`,
        `select rolconnlimit from pg_roles where rolname = 'sallyport_auth'`,
      ].map(async (sql) => Number(await server().postgres.psql(sql, databaseName))),
    )
    assert.equal(connections, 10)
    assert.equal(Number(limit) >= 6 * 10, true, `${limit}`)
  })

  it('validate and grant while hundreds of revocations wait', async (t) => {
    const store = await openTokens(t, server().auth)
    const [held, used] = [await issue(store), await issue(store)]
    const other = await connectClient(t, server().auth)
    await other.ask('begin')
    await other.ask('select from auth.sessions where hash = $1 for update', [held.key.hash])
    let isAnswered = false
    const revocations = Array.from({ length: 300 }, () =>
      assertUnavailable(store.revoke(held.key, session)).finally(() => {
        isAnswered = true
      }),
    )
    await waitUntil(() => other.isWaitedFor())

    const [reinflated] = await store.reinflate([used.key], session)
    const granted = await issue(store, { purpose: service })
    const found = await store.peek(granted.key, service)

    assert.equal(reinflated?.refreshCount, 1)
    assert.equal(found?.id, granted.living.id)
    assert.equal(isAnswered, false)
    await Promise.all(revocations)
  })
})
