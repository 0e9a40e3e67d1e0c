/** Runs a command whose servers get a Redis and a Postgres of their own: `node build/test/kit/run-on-stores.js COMMAND…`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { startProvisioned } from './provisioned.ts'
import { startRedis } from './redis.ts'
import { redisUsers } from './redis-users.ts'

const releasers: (() => unknown)[] = []
const lifetime = { after: (releaser: () => unknown) => void releasers.unshift(releaser) }
const [command, ...args] = process.argv.slice(2)
if (command === undefined) throw new TypeError('there is no command to run')

try {
  const users = redisUsers()
  const redis = await startRedis(lifetime, { aclLines: users.lines })
  const provisioned = await startProvisioned(lifetime)
  const stores = {
    APP_ENV: 'demo',
    TOKEN_STORE: redis.urlAs('sallyport_auth', users.authPassword),
    ACCOUNT_STORE: provisioned.auth,
  }
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...stores } })
  const [code] = await once(child, 'close')
  process.exitCode = (code as number | null) ?? 1
  // Whoever ran on memory after all would have left nothing here.
  const isUsed = (await redis.cli('INFO', 'commandstats')).includes('cmdstat_set:')
  if (!isUsed) throw new Error('the command has filed nothing in Redis')
} finally {
  for (const releaser of releasers) await releaser()
}
