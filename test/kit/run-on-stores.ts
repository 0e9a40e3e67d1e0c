/**
 * Runs a command whose servers get a Redis and a Postgres of their own, with an administrator in it, whom two variables
 * name: `node build/test/kit/run-on-stores.js COMMAND…`.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { startProvisioned } from './provisioned.ts'
import { startRedis } from './redis.ts'
import { redisUsers } from './redis-users.ts'
import { root } from './root.ts'

const releasers: (() => unknown)[] = []
const lifetime = { after: (releaser: () => unknown) => void releasers.unshift(releaser) }
const [command, ...args] = process.argv.slice(2)
if (command === undefined) throw new TypeError('there is no command to run')

try {
  const users = redisUsers()
  const redis = await startRedis(lifetime, { aclLines: users.lines })
  const provisioned = await startProvisioned(lifetime)
  const env = {
    ...process.env,
    APP_ENV: 'demo',
    TOKEN_STORE: redis.urlAs('sallyport_auth', users.authPassword),
    ACCOUNT_STORE: provisioned.auth,
    ADMINISTRATOR_USERNAME: 'administrator@example.com',
    ADMINISTRATOR_PASSWORD: randomBytes(24).toString('base64url'),
  }
  const run = async (path: string, options: readonly string[]): Promise<number> => {
    const [code] = await once(spawn(path, options, { stdio: 'inherit', env }), 'close')
    return (code as number | null) ?? 1
  }
  const named = ['--username', env.ADMINISTRATOR_USERNAME, '--name', 'Administrator']
  const made = await run(join(root, 'scripts/createAdministrator'), named)
  if (made !== 0) throw new Error('no administrator was made')
  await redis.cli('CONFIG', 'RESETSTAT')
  process.exitCode = await run(command, args)
  // Whoever ran on memory after all would have left nothing here since then.
  const isUsed = (await redis.cli('INFO', 'commandstats')).includes('cmdstat_set:')
  if (!isUsed) throw new Error('the command has filed nothing in Redis')
} finally {
  for (const releaser of releasers) await releaser()
}
