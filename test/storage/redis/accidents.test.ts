/** What has happened to other systems of this kind and must not happen to this one: shown on real Redis servers. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { startRedis } from '../../kit/redis.ts'
import { startProxy } from '../../kit/tcp-proxy.ts'
import { assertUnavailable } from '../contract.ts'
import { issue, session, verifyEmail } from '../token-store-kit.ts'
import { openStore } from './open-tokens.ts'
import { startOwnRedis } from './own-redis.ts'

describe('Accidents of a Redis that fails over behind one address', {
  skip: skipUnless('redis-server'),
}, () => {
  it('never leaves a store with READONLY until it is restarted', async (t) => {
    const { store, login, code, moveAddress } = await startFailedOver(t)
    await assertUnavailable(store.reinflate([login.key], session))
    await assertUnavailable(store.take(code.key, verifyEmail))

    moveAddress()

    await waitUntil(() => store.reinflate([login.key], session).then(isFound, () => false), 3)
    const takers = [1, 2, 3].map(() => store.take(code.key, verifyEmail))
    const taken = (await Promise.all(takers)).filter((one) => one !== undefined)
    assert.deepEqual(
      taken.map(({ id }) => id),
      [code.living.id],
    )
  })
})

/**
 * A store on the old master, which goes on as a replica of the next one and keeps its connections, as a balancer or a
 * name leads to it that does not know of that yet.
 */
async function startFailedOver(t: TestContext) {
  const { redis: old, users, url } = await startOwnRedis(t)
  const next = await startRedis(t, { aclLines: users.lines, replicaOf: old })
  const address = { port: old.port }
  const proxy = await startProxy(t, address)
  const store = openStore(t, proxy.through(url))
  const [login, code] = [await issue(store), await issue(store, { purpose: verifyEmail })]
  await store.revoke(login.key, verifyEmail) // what must not be undone has a connection, too
  await waitUntil(async () => (await next.cli('DBSIZE')) === '2')
  await next.cli('REPLICAOF', 'NO', 'ONE')
  await old.cli('REPLICAOF', '127.0.0.1', String(next.port))
  await waitUntil(async () => (await old.cli('INFO')).includes('master_link_status:up'))
  assert.equal(proxy.connections(), 2)
  const moveAddress = () => {
    address.port = next.port
  }
  return { store, login, code, moveAddress }
}

function isFound([answer]: readonly unknown[]): boolean {
  return answer !== undefined
}
