import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, it } from 'node:test'
import { makeCertificate } from './certificate.ts'
import { skipUnless } from './installed.ts'
import { startRedis } from './redis.ts'

const skip = skipUnless('redis-server', 'redis-cli')

describe('a redis-server of the kit', { skip }, () => {
  it('answers commands, and rejects where Redis answers an error', async (t) => {
    const redis = await startRedis(t)

    assert.equal(await redis.cli('SET', 'key', 'value'), 'OK')
    assert.equal(await redis.cli('GET', 'key'), 'value')
    await assert.rejects(redis.cli('INCR', 'key'), /not an integer/)
    assert.equal(redis.url, `redis://127.0.0.1:${redis.port}/0`)
  })

  it('comes back empty on its port after a crash', async (t) => {
    const redis = await startRedis(t)
    await redis.cli('SET', 'key', 'value')
    const { pid } = redis

    await redis.kill('SIGKILL')
    await assert.rejects(redis.cli('PING'))
    await redis.restart()

    assert.equal(await redis.cli('EXISTS', 'key'), '0')
    assert.notEqual(redis.pid, pid)
  })

  it('comes back with everything where it keeps an append-only file', async (t) => {
    const redis = await startRedis(t, { appendOnly: 'always' })
    await redis.cli('SET', 'key', 'value')

    await redis.kill('SIGKILL')
    await redis.restart()

    assert.equal(await redis.cli('GET', 'key'), 'value')
  })

  it('answers nobody while it is stopped, and what it was asked as soon as it goes on', async (t) => {
    const redis = await startRedis(t)
    redis.stop()
    let isAnswered = false

    const answer = redis.cli('PING').finally(() => {
      isAnswered = true
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    const wasAnswered = isAnswered
    redis.resume()

    assert.equal(await answer, 'PONG')
    assert.equal(wasAnswered, false)
  })

  it('ends with its test, even if stopped, and leaves no folder', async () => {
    const releasers: (() => unknown)[] = []
    const redis = await startRedis({
      after: (releaser) => releasers.push(releaser as () => unknown),
    })
    redis.stop()

    for (const release of releasers) await release()

    assert.throws(() => process.kill(redis.pid, 0), /ESRCH/)
    assert.equal(existsSync(redis.folder), false)
  })

  it('knows the users of the test and one of its own', async (t) => {
    const aclLines = ['user default off', 'user reader on >secret ~some:* +get']

    const redis = await startRedis(t, { aclLines })

    assert.equal(await redis.cli('ACL', 'WHOAMI'), 'kit')
    assert.deepEqual((await redis.cli('ACL', 'USERS')).split('\n'), ['default', 'kit', 'reader'])
    assert.equal(redis.urlAs('reader', 's/t'), `redis://reader:s%2Ft@127.0.0.1:${redis.port}/0`)
  })

  it('asks for the password', async (t) => {
    const redis = await startRedis(t, { password: 'secret' })

    assert.equal(redis.url, `redis://:secret@127.0.0.1:${redis.port}/0`)
    assert.equal(await redis.cli('CONFIG', 'GET', 'requirepass'), 'requirepass\nsecret')
  })

  it('speaks TLS with a certificate', async (t) => {
    const redis = await startRedis(t, { certificate: makeCertificate(t) })

    assert.equal(await redis.cli('PING'), 'PONG')
    assert.equal(redis.url, `rediss://127.0.0.1:${redis.port}/0`)
  })

  it('says why it did not start', async (t) => {
    await assert.rejects(startRedis(t, { config: ['nonsense 1'] }), /nonsense/)
  })
})
