import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { limits } from '../../../src/auth/throttle/limits.ts'
import { redisAttemptCounters } from '../../../src/auth/throttle/redis.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import type { ScriptRunner } from '../../../src/storage/redis/runner.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startCluster } from '../../kit/redis-cluster.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { share } from '../../kit/shared-servers.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { openBacking, shareRedis } from '../../storage/redis/open-tokens.ts'
import { passRealTime } from '../../storage/token-store-kit.ts'
import { countersContract } from './counters-contract.ts'
import {
  assertAbout,
  begin,
  briefLimits,
  failTimes,
  logIn,
  newPlace,
  type OpenedCounters,
  waitAt,
} from './counters-kit.ts'

function openCounters(t: TestContext, url: string): OpenedCounters {
  const { runner } = openBacking(t, url).backing
  return {
    counters: redisAttemptCounters({ runner, limits }),
    brief: redisAttemptCounters({ runner, limits: briefLimits }),
    pass: passRealTime,
  }
}

describe('on one Redis', { skip: skipUnless('redis-server') }, () => {
  const redis = shareRedis()
  const open = async (t: TestContext) => openCounters(t, redis.url())

  countersContract('attempts counted in Redis', open)

  describe('attempts counted in Redis', () => {
    it('are counted together by all who count there', async (t) => {
      const [one, other] = [await open(t), await open(t)]
      const [place, home] = [newPlace(), newPlace()]

      await failTimes(one.counters, place, 6)
      await failTimes(other.counters, place, 6)
      await logIn(one.counters, home)

      assertAbout(await waitAt(one.counters, place), 4_000)
      assertAbout(await waitAt(other.counters, place), 4_000)
      assert.equal(await begin(other.counters, home), true)
    })

    it('leave nothing behind that does not die, and nothing at all of what was refunded', async (t) => {
      const { counters } = await open(t)
      await redis.server().cli('FLUSHALL')
      await counters.abandon(newPlace(), await begin(counters, newPlace()))
      const [refunded, failed, known] = [newPlace(), newPlace(), newPlace()]
      await redis.server().cli('FLUSHALL')

      await counters.abandon(refunded, await begin(counters, refunded))
      await failTimes(counters, failed, 1)
      await logIn(counters, known)

      const lives = await livesOf(['account', `pair:${failed.source}`, 'source', 'untold', 'known'])
      assert.deepEqual(
        lives.map((milliseconds) => Math.ceil(milliseconds / 60_000)),
        [1, 15, 1, 24 * 60, 30 * 24 * 60],
      )
    })

    it('charge no account for a source that cannot be asked, in a Cluster that has lost a node', async (t) => {
      const { runner } = openBacking(t, redis.url()).backing
      let isLost = true
      const partly: ScriptRunner = {
        ...runner,
        run: (call) =>
          isLost && call.keys.some((key) => key.endsWith(':source'))
            ? Promise.reject(unavailable('Redis cannot be reached.'))
            : runner.run(call),
      }
      const counters = redisAttemptCounters({ runner: partly, limits })
      const place = newPlace()

      for (let time = 0; time < 120; time++) await assertUnavailable(counters.begin(place))

      isLost = false
      assert.equal(await begin(counters, place), false)
    })

    it('are a 503 where what was charged cannot be given back', async (t) => {
      const { runner } = openBacking(t, redis.url()).backing
      let calls = 0
      const failing: ScriptRunner = {
        ...runner,
        run: (call) =>
          calls++ === 0 ? runner.run(call) : Promise.reject(unavailable(`Call ${calls} failed.`)),
      }
      const counters = redisAttemptCounters({ runner: failing, limits })

      await assertUnavailable(counters.begin(newPlace()))

      assert.equal(calls, 3)
    })

    it('tell a success of untold failures also where it must ask again, because the answer was lost', async (t) => {
      const { runner } = openBacking(t, redis.url()).backing
      const asking: ScriptRunner = {
        ...runner,
        run: async (call) => {
          if (call.isRepeatable) await runner.run(call)
          return await runner.run(call)
        },
      }
      const counters = redisAttemptCounters({ runner: asking, limits })
      const place = newPlace()
      await failTimes(counters, place, 1)

      assert.equal(await logIn(counters, place), true)
      assert.equal(await logIn(counters, newPlace({ account: place.account })), false)
    })

    it('keep untold what could not be told, in a Cluster that has lost a node', async (t) => {
      const { runner } = openBacking(t, redis.url()).backing
      const partly: ScriptRunner = {
        ...runner,
        run: (call) =>
          call.keys.some((key) => key.endsWith(':source'))
            ? Promise.reject(unavailable('Redis cannot be reached.'))
            : runner.run(call),
      }
      const counters = redisAttemptCounters({ runner, limits })
      const place = newPlace()
      await failTimes(counters, place, 1)
      const isKnown = await begin(counters, place)

      await assertUnavailable(
        redisAttemptCounters({ runner: partly, limits }).succeed(place, isKnown),
      )

      assert.equal(await logIn(counters, place), true)
    })

    it('are a 503 where Redis cannot be asked', async (t) => {
      const { tokens, backing } = openBacking(t, redis.url())
      const counters = redisAttemptCounters({ runner: backing.runner, limits })
      await tokens.close()
      const place = newPlace()

      await assertUnavailable(counters.begin(place))
      await assertUnavailable(counters.fail(place, { isKnown: false, hasUser: true }))
      await assertUnavailable(counters.fail(place, { isKnown: true, hasUser: true }))
      await assertUnavailable(counters.abandon(place, false))
      await assertUnavailable(counters.succeed(place, false))
    })

    /** All keys that there are, by how they end. */
    async function livesOf(ends: readonly string[]): Promise<readonly number[]> {
      const keys = (await redis.server().cli('KEYS', '*')).trim().split('\n')
      assert.equal(keys.length, ends.length, keys.join())
      return await Promise.all(
        ends.map(async (end) => {
          const key = keys.find((one) => one.endsWith(`:throttle:${end}`)) ?? assert.fail(end)
          return Number(await redis.server().cli('PTTL', key))
        }),
      )
    }
  })
})

describe('on a Cluster of three', { skip: skipUnless('redis-server') }, () => {
  const users = redisUsers()
  const cluster = share((context) => startCluster(context, 3, { aclLines: users.lines }))
  const url = () => cluster().urlAs('sallyport_auth', users.authPassword)

  countersContract('attempts counted in Redis', async (t) => openCounters(t, url()))
})
