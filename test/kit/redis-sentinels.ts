/** A master, two replicas, and three Sentinels of whom two must agree that the master is gone. */
import type { Lifetime } from './daemon.ts'
import { waitUntil } from './processes.ts'
import { type RedisServer, startRedis } from './redis.ts'
import { adminOf, type RedisOptions, userInfoOf } from './redis-options.ts'

export interface RedisSentinels {
  readonly url: string
  urlAs(username: string, password: string): string
  readonly servers: readonly RedisServer[]
  readonly sentinels: readonly RedisServer[]
  /** Whom the first Sentinel calls the master now. */
  master(): Promise<RedisServer>
  /** Lets a replica take over in good order, and resolves when it has and all Sentinels say so. */
  failover(): Promise<void>
  /** Ends the master without a word and does not wait for the next one. Resolves with the dead. */
  killMaster(): Promise<RedisServer>
  /** Resolves when all Sentinels name a living master that is another than this one. */
  untilMasterIsNot(old: RedisServer): Promise<void>
}

const masterName = 'mymaster'

export async function startSentinels(
  t: Lifetime,
  options: RedisOptions = {},
): Promise<RedisSentinels> {
  const first = await startRedis(t, options)
  const replica = { ...options, replicaOf: first }
  const servers = [first, await startRedis(t, replica), await startRedis(t, replica)]
  for (const server of servers.slice(1))
    await waitUntil(async () => (await server.cli('INFO')).includes('master_link_status:up'))
  const sentinelOptions = { isSentinel: true, config: sentinelConfig(first, options) }
  const sentinels = await Promise.all([1, 2, 3].map(() => startRedis(t, sentinelOptions)))
  for (const sentinel of sentinels)
    await waitUntil(async () => {
      const known = await factsOfMaster(sentinel)
      return known.get('num-slaves') === '2' && known.get('num-other-sentinels') === '2'
    })

  async function masterOf(sentinel: RedisServer | undefined): Promise<RedisServer> {
    const port = sentinel && (await factsOfMaster(sentinel)).get('port')
    const master = servers.find((server) => String(server.port) === port)
    if (master === undefined) throw new Error(`The Sentinels name a stranger: port ${port}.`)
    return master
  }

  async function untilMasterIsNot(old: RedisServer): Promise<void> {
    for (const sentinel of sentinels)
      await waitUntil(async () => {
        const master = await masterOf(sentinel)
        return master !== old && (await master.cli('ROLE')).startsWith('master')
      }, 20)
  }

  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')
  const urlAs = (username: string, password: string | undefined) =>
    `redis+sentinel://${userInfoOf(username, password)}${hosts}/${masterName}`
  return {
    url: urlAs('', options.password),
    urlAs,
    servers,
    sentinels,
    master: () => masterOf(sentinels[0]),
    async failover() {
      const old = await masterOf(sentinels[0])
      await sentinels[0]?.cli('SENTINEL', 'FAILOVER', masterName)
      await untilMasterIsNot(old)
    },
    async killMaster() {
      const old = await masterOf(sentinels[0])
      await old.kill('SIGKILL')
      return old
    },
    untilMasterIsNot,
  }
}

function sentinelConfig(master: RedisServer, options: RedisOptions): string[] {
  const admin = adminOf(options)
  const login =
    admin === undefined
      ? []
      : [
          `sentinel auth-user ${masterName} ${admin.username}`,
          `sentinel auth-pass ${masterName} ${admin.password}`,
        ]
  return [
    `sentinel monitor ${masterName} 127.0.0.1 ${master.port} 2`,
    `sentinel down-after-milliseconds ${masterName} 1000`,
    `sentinel failover-timeout ${masterName} 3000`,
    `sentinel parallel-syncs ${masterName} 2`,
    ...login,
  ]
}

/** redis-cli prints name and value in turn. */
async function factsOfMaster(sentinel: RedisServer): Promise<Map<string, string>> {
  const lines = (await sentinel.cli('SENTINEL', 'MASTER', masterName)).split('\n')
  const facts = new Map<string, string>()
  for (let index = 0; index + 1 < lines.length; index += 2)
    facts.set(lines[index] ?? '', lines[index + 1] ?? '')
  return facts
}
