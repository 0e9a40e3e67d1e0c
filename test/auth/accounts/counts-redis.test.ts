import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { redisCounts } from '../../../src/auth/accounts/counts-redis.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startCluster } from '../../kit/redis-cluster.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { share } from '../../kit/shared-servers.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { openBacking, shareRedis } from '../../storage/redis/open-tokens.ts'
import { passRealTime } from '../../storage/token-store-kit.ts'
import { countsContract } from './counts-contract.ts'
import { countTimes, newCounter, type OpenedCounts } from './counts-kit.ts'

function openCounts(t: TestContext, url: string): OpenedCounts {
  return { counts: redisCounts(openBacking(t, url).backing), pass: passRealTime }
}

describe('on one Redis', { skip: skipUnless('redis-server') }, () => {
  const redis = shareRedis()
  const open = async (t: TestContext) => openCounts(t, redis.url())

  countsContract('counts', open)

  describe('counts', () => {
    it('are shared by all who count there', async (t) => {
      const [one, other] = [await open(t), await open(t)]
      const counter = newCounter()

      await countTimes(one.counts, counter, 2)

      assert.deepEqual(await countTimes(other.counts, counter, 2), [true, false])
      assert.equal(await one.counts.count(counter), false)
    })

    it('die with their time, and at once where all was taken back', async (t) => {
      const { counts } = await open(t)
      await redis.server().cli('FLUSHALL')
      const [counter, none] = [newCounter(), newCounter()]
      await countTimes(counts, counter, 3)
      await counts.takeBack(counter)
      await counts.count(none)
      await counts.takeBack(none)

      const keys = (await redis.server().cli('KEYS', '*')).trim().split('\n')
      const life = Number(await redis.server().cli('PTTL', keys[0] ?? ''))

      assert.deepEqual(keys, [`sallyport:auth:{${counter.tag}}:accounts:register/source`])
      assert.ok(life > 3_590_000 && life <= 3_600_000, `${life}`)
    })

    it('go on where Redis is full for those alone who must', async (t) => {
      const { counts } = await open(t)
      const vital = newCounter({ countsWhenFull: true, limit: 1 })
      await redis.server().cli('CONFIG', 'SET', 'maxmemory', '1')
      t.after(() => redis.server().cli('CONFIG', 'SET', 'maxmemory', '0'))

      await assertUnavailable(counts.count(newCounter()))

      assert.deepEqual(await countTimes(counts, vital, 2), [true, false])
      await counts.takeBack(vital)
      assert.equal(await counts.count(vital), true)
    })

    it('are a 503 where Redis cannot be asked', async (t) => {
      const { tokens, backing } = openBacking(t, redis.url())
      const counts = redisCounts(backing)
      await tokens.close()

      await assertUnavailable(counts.count(newCounter()))
      await assertUnavailable(counts.takeBack(newCounter()))
    })
  })
})

describe('on a Cluster of three', { skip: skipUnless('redis-server') }, () => {
  const users = redisUsers()
  const cluster = share((context) => startCluster(context, 3, { aclLines: users.lines }))
  const url = () => cluster().urlAs('sallyport_auth', users.authPassword)

  countsContract('counts', async (t) => openCounts(t, url()))
})
