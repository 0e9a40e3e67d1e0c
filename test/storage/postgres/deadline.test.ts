/** A connection that comes late and then a statement that comes late: either alone would be in time. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as pass } from 'node:timers/promises'
import { connectClient } from '../../kit/database-client.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { startProxy } from '../../kit/tcp-proxy.ts'
import { assertUnavailable } from '../contract.ts'
import { isAlive, issue, session } from '../token-store-kit.ts'
import { openTokens, sharePostgres } from './open-stores.ts'

const connectingMilliseconds = 600

describe('a call that waits for its connection and then for its statement', {
  skip: skipUnless('postgres'),
}, () => {
  const { server } = sharePostgres()

  /** A session that somebody else has locked, and a store that has no connection yet. */
  async function openLocked(t: TestContext) {
    const { key } = await issue(await openTokens(t, server().auth))
    const other = await connectClient(t, server().auth)
    await other.ask('begin')
    await other.ask('select from auth.sessions where hash = $1 for update', [key.hash])
    const proxy = await startProxy(t, { port: server().postgres.port })
    const store = await openTokens(t, proxy.through(server().auth))
    await waitUntil(() => proxy.connections() === 0) // but for that which looked at the schema
    proxy.reset()
    proxy.pause()
    return { store, proxy, key, other }
  }

  it('is a 503 at the one deadline of both', async (t) => {
    const { store, proxy, key, other } = await openLocked(t)
    const startedAt = Date.now()

    const answer = assertUnavailable(store.revoke(key, session))

    await pass(connectingMilliseconds)
    proxy.resume()
    await answer
    const milliseconds = Date.now() - startedAt
    assert.equal(milliseconds >= 790 && milliseconds < 1_150, true, `${milliseconds} ms`)
    assert.equal(await other.isWaitedFor(), true)
  })

  it('is not begun again where its connection breaks after the deadline', async (t) => {
    const { store, proxy, key, other } = await openLocked(t)
    const late = assertUnavailable(store.reinflate([key], session))
    await pass(connectingMilliseconds)
    proxy.resume()
    await waitUntil(() => other.isWaitedFor())
    await late

    proxy.cut()

    // Over another connection, and opened after whatever the broken one brought about.
    await waitUntil(() => proxy.connections() === 0)
    assert.equal(await isAlive(store, { key }), true)
    assert.equal(proxy.perConnection().length, 2)
  })
})
