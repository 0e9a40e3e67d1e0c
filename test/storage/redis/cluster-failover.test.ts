import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { type RedisServer, startRedis } from '../../kit/redis.ts'
import { startCluster } from '../../kit/redis-cluster.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { isAlive, issue, newToken, session } from '../token-store-kit.ts'
import { openStore } from './open-tokens.ts'
import { untilAcknowledged } from './own-redis.ts'

describe('A node of a Cluster that has a replica', { skip: skipUnless('redis-server') }, () => {
  it('is missed until the replica takes over, and what was ended stays ended', async (t) => {
    const { store, master, tokenOfMaster } = await startWithReplica(t)
    const [login, ended] = [await tokenOfMaster(), await tokenOfMaster()]
    await untilAcknowledged(master)
    await store.revoke(ended.key, session) // the replica has it, and what came before

    await master.kill()

    const killedAt = Date.now()
    const found = new Set<unknown>()
    await waitUntil(async () => {
      const outcome = await isAlive(store, login).catch(() => 'fault')
      found.add(outcome)
      return outcome === true
    }, 15)
    t.diagnostic(`after ${Date.now() - killedAt} ms`)
    assert.deepEqual(found, new Set(['fault', true]))
    assert.equal(await isAlive(store, ended), false)
    assert.notEqual(await store.issue(newToken()), undefined)
  })
})

async function startWithReplica(t: TestContext) {
  const users = redisUsers()
  const options = { aclLines: users.lines }
  const cluster = await startCluster(t, 3, options)
  const [master] = cluster.nodes as readonly [RedisServer] // of three
  const config = ['cluster-enabled yes', 'cluster-node-timeout 2000']
  const replica = await startRedis(t, { ...options, config })
  await replica.cli('CLUSTER', 'MEET', '127.0.0.1', String(master.port))
  const id = await master.cli('CLUSTER', 'MYID')
  await waitUntil(async () => (await replica.cli('CLUSTER', 'NODES')).includes(id))
  await waitUntil(() =>
    replica.cli('CLUSTER', 'REPLICATE', id).then(
      () => true,
      () => false,
    ),
  )
  for (const node of cluster.nodes)
    await waitUntil(async () => (await node.cli('CLUSTER', 'NODES')).includes(` slave ${id} `))

  const url = cluster.urlAs('sallyport_auth', users.authPassword)
  const store = openStore(t, url, { waitReplicas: 1 })

  async function tokenOfMaster() {
    for (;;) {
      const issued = await issue(store)
      const node = await cluster.nodeOf(`{${issued.key.subjectTag}}`)
      if (node === master) return issued
    }
  }
  return { store, master, tokenOfMaster }
}
