/** What the users of Redis cannot do by a script either. What they cannot do by a command stands in `test/deploy`. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { createClient } from '@redis/client'
import { remove } from '../../../src/storage/redis/scripts.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startRedis } from '../../kit/redis.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { share } from '../../kit/shared-servers.ts'
import { isAlive, issue, session } from '../token-store-kit.ts'
import { openStore } from './open-tokens.ts'

describe('The users of Redis', { skip: skipUnless('redis-server') }, () => {
  const users = redisUsers()
  const redis = share((context) => startRedis(context, { aclLines: users.lines }))

  it('run no command in a script that they cannot run without', async (t) => {
    const client = await connect(t, 'sallyport_auth', users.authPassword)
    const attempts = [
      `'FLUSHALL'`,
      `'FLUSHDB'`,
      `'KEYS', '*'`,
      `'RANDOMKEY'`,
      `'CONFIG', 'GET', '*'`,
      `'SCRIPT', 'FLUSH'`,
      `'ACL', 'LIST'`,
      `'RENAME', KEYS[1], KEYS[1]`,
      `'EXPIRE', KEYS[1], '0'`,
    ]

    for (const attempt of attempts) {
      const answer = client.eval(`return redis.call(${attempt})`, { keys: ['sallyport:auth:x'] })
      await assert.rejects(answer, /can't run this command|not allowed from script/i, attempt)
    }
  })

  it('keep a token from business, also by a script that auth has taught Redis', async (t) => {
    const store = openStore(t, redis().urlAs('sallyport_auth', users.authPassword))
    const issued = await issue(store)
    await store.revoke((await issue(store)).key, session)
    const client = await connect(t, 'sallyport_business', users.businessPassword)
    const [name = ''] = (await redis().cli('KEYS', 'sallyport:auth:*:t:*')).split('\n')

    const attempts = [
      client.evalSha(remove.sha, { keys: [name, name] }),
      client.eval(remove.text, { keys: [name, name] }),
      client.get(name),
      client.del(name),
    ]

    for (const attempt of attempts) await assert.rejects(attempt, /NOPERM/)
    assert.equal(await isAlive(store, issued), true)
  })

  async function connect(t: TestContext, username: string, password: string) {
    const client = createClient({ url: redis().urlAs(username, password) })
    client.on('error', () => {}) // the calls reject
    t.after(() => client.destroy())
    await client.connect()
    return client
  }
})
