/** One real Redis for all tests of a file, as the user that auth is; each test finds it empty. */
import type { TestContext } from 'node:test'
import { systemClock } from '../../../src/clock.ts'
import type { TokenStore } from '../../../src/storage/ports.ts'
import { openRedisTokenStore } from '../../../src/storage/redis/open.ts'
import { parseStoreUrl, type RedisUrl } from '../../../src/store-url.ts'
import { recordedLog } from '../../kit/log.ts'
import { type RedisServer, startRedis } from '../../kit/redis.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { share } from '../../kit/shared-servers.ts'
import { type Opened, passRealTime } from '../token-store-kit.ts'

export function parseRedisUrl(text: string): RedisUrl {
  const url = parseStoreUrl(text)
  if (url?.kind !== 'redis') throw new TypeError('no URL of a Redis')
  return url
}

export interface OpenOptions {
  readonly waitReplicas?: number
}

/** A store that ends with the test, and what an adapter of a capability works on. */
export function openBacking(t: TestContext, url: string, { waitReplicas = 0 }: OpenOptions = {}) {
  const opened = openRedisTokenStore({
    url: parseRedisUrl(url),
    clock: systemClock,
    log: recordedLog(),
    waitReplicas,
  })
  t.after(() => opened.tokens.close())
  return opened
}

/** A store that ends with the test. */
export function openStore(t: TestContext, url: string, options: OpenOptions = {}) {
  return openBacking(t, url, options).tokens
}

/** To be called once in a file. */
export function shareRedis() {
  const users = redisUsers()
  const server = share((context) => startRedis(context, { aclLines: users.lines }))

  /** A property test opens many times in one test: its runs share the connection. */
  const storesByTest = new WeakMap<TestContext, TokenStore>()

  async function open(t: TestContext): Promise<Opened> {
    await server().cli('FLUSHALL')
    const store = storesByTest.get(t) ?? openStore(t, urlOf(server()))
    storesByTest.set(t, store)
    return { store, pass: passRealTime }
  }

  function urlOf(redis: RedisServer): string {
    return redis.urlAs('sallyport_auth', users.authPassword)
  }

  return { server, open, url: () => urlOf(server()) }
}
