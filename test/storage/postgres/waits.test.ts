import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { connectClient } from '../../kit/database-client.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { isAlive, issue, session } from '../token-store-kit.ts'
import { openTokens, sharePostgres } from './open-stores.ts'

describe('a session that somebody else lets live on', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()

  /** Dead as everybody sees it, while another has let it live on and not yet said so. */
  async function openHeld(t: TestContext) {
    const store = await openTokens(t, server().auth)
    const { key } = await issue(store)
    const other = await connectClient(t, server().auth)
    const setExpiry = 'update auth.sessions set expires_at = $1 where hash = $2'
    await other.ask(setExpiry, [Date.now() - 1, key.hash])
    await other.ask('begin')
    await other.ask(setExpiry, [Date.now() + 60_000, key.hash])
    return { store, key, other }
  }

  it('is reinflated by whoever waited for that', async (t) => {
    const { store, key, other } = await openHeld(t)

    const reinflated = store.reinflate([key], session)

    await waitUntil(() => other.isWaitedFor())
    await other.ask('commit')
    const [answer] = await reinflated
    assert.equal(answer?.refreshCount, 1)
  })

  it('does not outlive a revocation that came meanwhile', async (t) => {
    const { store, key, other } = await openHeld(t)

    const revoked = store.revoke(key, session)

    await waitUntil(() => other.isWaitedFor())
    await other.ask('commit')
    assert.notEqual(await revoked, undefined)
    assert.equal(await isAlive(store, { key }), false)
  })

  it('stays dead where the other takes it back', async (t) => {
    const { store, key, other } = await openHeld(t)

    const reinflated = store.reinflate([key], session)

    await waitUntil(() => other.isWaitedFor())
    await other.ask('rollback')
    assert.deepEqual(await reinflated, [undefined])
  })
})
