/** A Redis of a test's own, to do what others should not suffer from, and stores on it that are looked at. */
import type { TestContext } from 'node:test'
import { systemClock } from '../../../src/clock.ts'
import type { TokenStore } from '../../../src/storage/ports.ts'
import { openRedisTokenStore } from '../../../src/storage/redis/open.ts'
import { recordedLog } from '../../kit/log.ts'
import { waitUntil } from '../../kit/processes.ts'
import { type RedisServer, startRedis } from '../../kit/redis.ts'
import type { RedisOptions } from '../../kit/redis-options.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { newToken } from '../token-store-kit.ts'
import { parseRedisUrl } from './open-tokens.ts'

/** `url` is that of auth's user. */
export async function startOwnRedis(t: TestContext, options: RedisOptions = {}) {
  const users = redisUsers()
  const redis = await startRedis(t, { aclLines: users.lines, ...options })
  return { redis, users, url: redis.urlAs('sallyport_auth', users.authPassword) }
}

/** A store that ends with the test, and what it says. */
export function openLogged(t: TestContext, url: string) {
  const log = recordedLog()
  const options = { url: parseRedisUrl(url), clock: systemClock, waitReplicas: 0 }
  const { tokens: store, backing } = openRedisTokenStore({ ...options, log })
  t.after(() => store.close())
  return { store, backing, log }
}

export async function canIssue(store: TokenStore): Promise<boolean> {
  return await store.issue(newToken()).then(
    () => true,
    () => false,
  )
}

/** Something must have been written. A replica may be up in its own view, and counts only after its first word. */
export async function untilAcknowledged(master: RedisServer): Promise<void> {
  await waitUntil(async () =>
    /state=online,offset=[1-9]/.test(await master.cli('INFO', 'replication')),
  )
}
