import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCluster } from '@redis/client'
import { skipUnless } from './installed.ts'
import { waitUntil } from './processes.ts'
import { proxyCluster, startCluster } from './redis-cluster.ts'

const skip = skipUnless('redis-server', 'redis-cli')
const keys = Array.from({ length: 30 }, (_, index) => `sallyport:{${index}}`)

describe('a Redis Cluster of the kit', { skip }, () => {
  it('has a node for each key, and goes on with the others when one is lost', async (t) => {
    const cluster = await startCluster(t, 3, { password: 'secret' })
    const owners = await Promise.all(keys.map((key) => cluster.nodeOf(key)))
    const [lost] = owners

    await lost?.kill()
    const witness = cluster.nodes.find((node) => node !== lost)
    await waitUntil(async () =>
      /slots_fail:[1-9]/.test((await witness?.cli('CLUSTER', 'INFO')) ?? ''),
    )

    const served = await Promise.allSettled(keys.map((key) => cluster.nodeOf(key)))
    assert.deepEqual(
      served.map(({ status }) => status === 'fulfilled'),
      owners.map((owner) => owner !== lost),
    )
    assert.equal(new Set(owners).size, 3)
    assert.match(cluster.url, /^redis:\/\/:secret@(127\.0\.0\.1:\d+,?){3}$/)
  })

  it('lets a client through its proxies alone', async (t) => {
    const aclLines = ['user default off', 'user client on >secret ~sallyport:* +@all']
    const cluster = await startCluster(t, 3, { aclLines })
    const { proxies } = await proxyCluster(t, cluster)
    const rootNodes = proxies.map(({ port }) => ({ url: `redis://127.0.0.1:${port}` }))
    const defaults = { username: 'client', password: 'secret' }
    const client = await createCluster({ rootNodes, defaults }).connect()
    t.after(() => client.destroy())
    await Promise.all(keys.map((key) => client.set(key, 'before')))
    for (const proxy of proxies) proxy.reset()

    await Promise.all(keys.map((key) => client.set(key, 'value')))

    assert.deepEqual(
      proxies.map((proxy) => proxy.roundTrips()),
      [1, 1, 1],
    )
  })
})
