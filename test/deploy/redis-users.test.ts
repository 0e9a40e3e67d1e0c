import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { makeFolder } from '../kit/daemon.ts'
import { skipUnless } from '../kit/installed.ts'
import { share } from '../kit/shared-servers.ts'
import { passwords, startRedisAsDeployed } from './deployed-redis.ts'

const run = promisify(execFile)

const take = `local value = redis.call('GET', KEYS[1]) redis.call('DEL', KEYS[1]) return value`

const describeUsers = { skip: skipUnless('redis-server', 'redis-cli') }

describe('the users of Redis', describeUsers, () => {
  const redis = share(startRedisAsDeployed)

  it('log in with passwords of whatever characters', async (t) => {
    const auth = await redis().connect(t, 'auth')
    const business = await redis().connect(t, 'business')

    const answers = await Promise.all([auth.ping(), business.ping()])

    assert.deepEqual(answers, ['PONG', 'PONG'])
  })

  it('let auth do what its store does', async (t) => {
    const auth = await redis().connect(t, 'auth')
    const key = 'sallyport:auth:{tag}:t:session:hash'

    await auth.eval(
      `redis.call('SET', KEYS[1], ARGV[1], 'PXAT', redis.call('TIME')[1] * 1000 + 9000)`,
      {
        keys: [key],
        arguments: ['record'],
      },
    )
    const seen = await auth.eval(`return redis.call('MGET', KEYS[1], KEYS[2])`, {
      keys: [key, 'sallyport:auth:{tag}:m:session'],
    })
    const taken = [await auth.eval(take, { keys: [key] }), await auth.eval(take, { keys: [key] })]

    assert.deepEqual([seen, ...taken], [['record', null], 'record', null])
    assert.equal(await auth.sendCommand(['WAIT', '0', '10']), 0)
    assert.match(JSON.stringify(await auth.sendCommand(['ROLE'])), /^\["master"/)
    const unknown = auth.evalSha('0'.repeat(40))
    await assert.rejects(unknown, /NOSCRIPT/)
  })

  it('let neither server see or change the server itself or what is not its own', async (t) => {
    const attempts = [
      'FLUSHALL',
      'FLUSHDB',
      'KEYS *',
      'RANDOMKEY',
      'CONFIG GET *',
      'CONFIG SET maxmemory 1',
      'DEBUG SLEEP 0',
      'SAVE',
      'BGSAVE',
      'SHUTDOWN NOSAVE',
      'SCRIPT FLUSH',
      'FUNCTION LIST',
      'ACL LIST',
      'ACL SETUSER me on nopass ~* +@all',
      'CLIENT LIST',
      'CLIENT KILL TYPE normal',
      'MONITOR',
      'INFO',
      'SELECT 1',
      'SUBSCRIBE channel',
      'PUBLISH channel message',
      'REPLICAOF NO ONE',
      'MIGRATE 127.0.0.1 1 sallyport:auth:x 0 1',
      'DUMP sallyport:auth:x',
      'OBJECT ENCODING sallyport:auth:x',
    ]

    for (const name of ['auth', 'business'] as const) {
      const client = await redis().connect(t, name)
      for (const attempt of attempts) {
        const answer = client.sendCommand(attempt.split(' '))
        await assert.rejects(answer, /NOPERM|DEBUG command not allowed/, attempt)
      }
    }
  })

  it('let nobody but auth look through the names of keys, and not all of them at once', async (t) => {
    const [auth, business] = [
      await redis().connect(t, 'auth'),
      await redis().connect(t, 'business'),
    ]

    for (const look of [['SCAN', '0'], ['DBSIZE']]) {
      await auth.sendCommand(look)
      await assert.rejects(business.sendCommand(look), /NOPERM/)
    }
  })

  it("keep auth from business's keys and from all others, also in scripts", async (t) => {
    const auth = await redis().connect(t, 'auth')

    for (const key of ['sallyport:business:x', 'sallyport:authx', 'x', '']) {
      await assert.rejects(auth.get(key), /NOPERM/, key)
      await assert.rejects(auth.eval(take, { keys: [key] }), /NOPERM/, key)
      const undeclared = auth.eval(`return redis.call('GET', ARGV[1])`, { arguments: [key] })
      await assert.rejects(undeclared, /can't access at least one of the keys/i, key)
    }
    const flush = auth.eval(`return redis.call('FLUSHALL')`)
    await assert.rejects(flush, /can't run this command/i)
  })

  it('keep business from the keys of auth and from all others, also in scripts', async (t) => {
    const business = await redis().connect(t, 'business')

    for (const key of ['sallyport:auth:x', 'sallyport:businessx', 'x', '']) {
      await assert.rejects(business.get(key), /NOPERM/, key)
      await assert.rejects(business.xAdd(key, '*', { field: 'value' }), /NOPERM/, key)
      await assert.rejects(business.eval(take, { keys: [key] }), /NOPERM/, key)
      const undeclared = business.eval(`return redis.call('GET', ARGV[1])`, { arguments: [key] })
      await assert.rejects(undeclared, /can't access at least one of the keys/i, key)
    }
  })

  it('keep business from doing more with its keys than its scripts do', async (t) => {
    const business = await redis().connect(t, 'business')
    const attempts = [
      'RENAME sallyport:business:x sallyport:business:y',
      'EXPIRE sallyport:business:x 1',
      'KEYS *',
      'FLUSHALL',
      'CLIENT LIST',
      'XTRIM sallyport:business:x MAXLEN 0',
      'XGROUP DESTROY sallyport:business:x workers',
      'XGROUP SETID sallyport:business:x workers 0',
      'XCLAIM sallyport:business:x workers worker 0 0-1',
      'XINFO STREAM sallyport:business:x',
      'WAIT 0 10',
    ]

    for (const attempt of attempts) {
      await assert.rejects(business.sendCommand(attempt.split(' ')), /NOPERM/, attempt)
    }
  })

  it('are nobody without a name, with a wrong password or with the hash for a password', async (t) => {
    const { connect, users } = redis()
    const [hash = ''] = /(?<=#)[0-9a-f]{64}/.exec(users()) ?? []

    assert.equal(hash.length, 64)
    await assert.rejects(connect(t, 'auth', 'wrong'), /WRONGPASS/)
    await assert.rejects(connect(t, 'auth', hash), /WRONGPASS/)
    await assert.rejects(redis().cli(['PING']), /NOAUTH/)
    await assert.rejects(redis().cli(['AUTH', 'default', '']), /WRONGPASS/)
  })

  it('let the health check learn that Redis answers, and nothing more', async () => {
    const asHealth = ['--no-auth-warning', '--user', 'health', '--pass', 'any']

    const answer = await redis().cli([...asHealth, 'PING'])

    assert.equal(answer, 'PONG')
    await assert.rejects(redis().cli([...asHealth, 'GET', 'sallyport:auth:x']), /NOPERM/)
  })

  it('stand on the disk by the hashes of their passwords alone', async () => {
    const { users, daemon } = redis()

    const text = users()

    assert.equal(text.match(/^user /gm)?.length, 4)
    assert.doesNotMatch(text, /\$\{/)
    for (const password of Object.values(passwords)) {
      assert.ok(!text.includes(password))
      assert.ok(!daemon().output().includes(password))
    }
  })
})

describe('the Redis that is deployed', describeUsers, () => {
  const redis = share(startRedisAsDeployed)

  it('refuses what is too much for its memory, and forgets nothing by itself', () => {
    const config = readFileSync('deploy/redis/redis.conf', 'utf8')

    assert.match(config, /^maxmemory \d+mb$/m)
    assert.match(config, /^maxmemory-policy noeviction$/m)
  })

  it('has the same keys after it was killed', async (t) => {
    const { connect, restart } = redis()
    const before = await connect(t, 'auth')
    await before.set('sallyport:auth:kept', 'yes')

    await restart()

    const after = await connect(t, 'auth')
    assert.equal(await after.get('sallyport:auth:kept'), 'yes')
  })

  it('has after it was killed also what a script wrote in several commands', async (t) => {
    const { connect, restart } = redis()
    const before = await connect(t, 'auth')
    const keys = ['sallyport:auth:{one}:a', 'sallyport:auth:{one}:b']
    const script = `redis.call('SET', KEYS[1], 'yes') redis.call('SET', KEYS[2], 'yes')`
    await before.eval(script, { keys })

    await restart()

    const after = await connect(t, 'auth')
    assert.deepEqual(await after.mGet(keys), ['yes', 'yes'])
  })

  it('does not start without a password', async (t) => {
    const folder = makeFolder('redis')
    t.after(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'empty'), '\n')
    const env = {
      PATH: process.env.PATH,
      AUTH_PASSWORD_FILE: join(folder, 'empty'),
      BUSINESS_PASSWORD_FILE: join(folder, 'empty'),
    }

    const started = run('deploy/redis/start', ['--port', '0'], { env, timeout: 5_000 })

    await assert.rejects(started, /holds no password\./)
  })
})
