/** Two auths whose tokens are in one Redis. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { correct } from '../../kit/auth-parts.ts'
import { skipUnless } from '../../kit/installed.ts'
import { openBacking } from '../../storage/redis/open-tokens.ts'
import { startOwnRedis } from '../../storage/redis/own-redis.ts'
import { startThrottledAuth, times, wrong } from './throttled-auth.ts'

async function startTwo(t: TestContext) {
  const { redis, url } = await startOwnRedis(t)
  const start = async () => {
    const { tokens, backing } = openBacking(t, url)
    return await startThrottledAuth(t, { tokens, tokenBacking: backing })
  }
  return { one: await start(), other: await start(), redis }
}

describe('two auths on one Redis', { skip: skipUnless('redis-server') }, () => {
  it('count together', async (t) => {
    const { one, other } = await startTwo(t)

    const statuses = [
      ...(await one.statusesOf(times(5, wrong))),
      ...(await other.statusesOf(times(5, wrong))),
    ]
    const [atOne, atOther] = [await one.logIn(), await other.logIn()]

    assert.deepEqual(statuses, times(10, 401))
    assert.deepEqual([atOne.status, atOther.status], [429, 429])
    assert.equal(atOther.headers.get('retry-after'), '1')
  })

  it('count none of 64 right logins of one user, who come to both at the same time', async (t) => {
    const { one, other } = await startTwo(t)

    const answers = await Promise.all(
      [one, other].flatMap(({ logIn }) => times(32, correct).map((attempt) => logIn(attempt))),
    )

    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  })

  it('say 503 while Redis is down, and hash nothing', async (t) => {
    const { one, redis } = await startTwo(t)
    await redis.kill()
    one.derivations.takeAll()

    const statuses = await one.statusesOf([correct, wrong])

    assert.deepEqual(statuses, [503, 503])
    assert.deepEqual(one.derivations.takeAll(), [])
  })

  it('leave in Redis neither the names that were typed nor where they came from', async (t) => {
    const { one, redis } = await startTwo(t)
    const planted = { username: 'planted-password', password: 'x', forwardedFor: '203.0.113.99' }

    await one.statusesOf([planted, correct])

    const keys = (await redis.cli('KEYS', '*throttle*')).trim().split('\n')
    const values = await Promise.all(keys.map((key) => redis.cli('GET', key)))
    assert.equal(keys.length, 4)
    const dump = [...keys, ...values].join()
    for (const secret of ['planted', '203.0.113.99', correct.username, '192.0.2.1'])
      assert.ok(!dump.includes(secret), secret)
  })
})
