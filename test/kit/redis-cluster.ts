/** A Redis Cluster of masters. Where one is down, the others serve their slots. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Lifetime } from './daemon.ts'
import { pathOf } from './installed.ts'
import { waitUntil } from './processes.ts'
import { type RedisServer, startRedis } from './redis.ts'
import { loginOf, type RedisOptions, userInfoOf } from './redis-options.ts'
import { startProxy, type TcpProxy } from './tcp-proxy.ts'

export interface RedisCluster {
  readonly url: string
  urlAs(username: string, password: string): string
  readonly nodes: readonly RedisServer[]
  /** The node that has the key's slot. */
  nodeOf(key: string): Promise<RedisServer>
}

const clusterConfig = [
  'cluster-enabled yes',
  'cluster-config-file nodes.conf',
  'cluster-node-timeout 2000',
  'cluster-require-full-coverage no',
]

export async function startCluster(
  t: Lifetime,
  count = 3,
  options: RedisOptions = {},
): Promise<RedisCluster> {
  const config = [...clusterConfig, ...(options.config ?? [])]
  const nodes = await Promise.all(
    Array.from({ length: count }, () => startRedis(t, { ...options, config })),
  )
  await join(nodes, options)
  const urlAs = urlOf(nodes)
  return {
    url: urlAs('', options.password),
    urlAs,
    nodes,
    async nodeOf(key) {
      // The others answer MOVED.
      return await Promise.any(nodes.map((node) => node.cli('EXISTS', key).then(() => node)))
    },
  }
}

/** Puts a counting proxy before each node. From then on the nodes name the proxies to their clients. */
export async function proxyCluster(
  t: Lifetime,
  { nodes }: RedisCluster,
): Promise<{ readonly proxies: readonly TcpProxy[]; urlAs: RedisCluster['urlAs'] }> {
  const proxies = await Promise.all(nodes.map((node) => startProxy(t, node)))
  const ports = proxies.map(({ port }) => port)
  await Promise.all(
    nodes.map((node, index) =>
      node.cli('CONFIG', 'SET', 'cluster-announce-port', String(ports[index])),
    ),
  )
  for (const node of nodes)
    await waitUntil(async () => {
      const known = (await node.cli('CLUSTER', 'SLOTS')).split('\n')
      return ports.every((port) => known.includes(String(port)))
    })
  return { proxies, urlAs: urlOf(proxies) }
}

async function join(nodes: readonly RedisServer[], options: RedisOptions): Promise<void> {
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`)
  const args = [...loginOf(options), '--cluster', 'create', ...hosts, '--cluster-yes']
  await promisify(execFile)(pathOf('redis-cli'), args)
  for (const node of nodes)
    await waitUntil(async () => {
      const lines = (await node.cli('CLUSTER', 'INFO')).split('\r\n')
      return (
        lines.includes('cluster_state:ok') && lines.includes(`cluster_known_nodes:${nodes.length}`)
      )
    })
}

function urlOf(servers: readonly { readonly port: number }[]) {
  const hosts = servers.map(({ port }) => `127.0.0.1:${port}`).join(',')
  return (username: string, password: string | undefined) =>
    `redis://${userInfoOf(username, password)}${hosts}`
}
