/** Several workers on one real Redis, each with a connection of its own. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { redisEventLog } from '../../../src/business/events/redis.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { startRedis } from '../../kit/redis.ts'
import { lettersOf, newEvent, newEvents, publishInParts, smallLog } from './event-kit.ts'
import { startFolding, watchedTopic } from './folding-kit.ts'
import { connectTo, shareEventRedis } from './open-log.ts'

const limits = { maxEvents: 20_000 }

describe('two workers', { skip: skipUnless('redis-server'), timeout: 120_000 }, () => {
  const redis = shareEventRedis()

  it('count each of ten thousand events, whoever died with some in hand; one that is poison is a dead letter until it is replayed', async (t) => {
    const { events, elsewhere } = await redis.open(t, limits)
    const counted = new Set<string>()
    let isRepaired = false
    const topicOf = () =>
      watchedTopic({
        problemOf: ({ payload }) =>
          payload === 'poison' && !isRepaired ? 'its payload is no vote' : undefined,
        fold: async (some) => {
          for (const { id } of some) counted.add(id)
        },
      })
    const accepted = await publishInParts(events, newEvents(10_000))
    const poison = await events.publish(newEvent({ payload: 'poison' }))
    const died = await elsewhere.take('votes', 1_000)

    const [one, other] = [topicOf(), topicOf()]
    startFolding(t, events, [one])
    startFolding(t, elsewhere, [other])

    await waitUntil(() => counted.size === 10_000, 60)
    await waitUntil(async () => (await lettersOf(events)).length === 1)
    assert.equal(died.length, 1_000)
    assert.deepEqual([...counted].sort(), accepted.map(({ id }) => id).sort())
    assert.ok(one.folds.length > 1 && other.folds.length > 1)
    const [letter] = await lettersOf(events)
    assert.deepEqual(letter?.event, poison)
    assert.equal(letter?.reason, 'its payload is no vote')

    isRepaired = true
    assert.ok(letter !== undefined && (await elsewhere.replay(letter)))

    await waitUntil(() => counted.has(poison.id))
    assert.deepEqual(await lettersOf(events), [])
  })

  it('lose nothing of what was not settled when Redis is killed and comes back', async (t) => {
    const own = await startOwn(t)
    const { events, elsewhere } = own
    const counted = new Set<string>()
    const topic = watchedTopic({
      fold: async (some) => {
        for (const { id } of some) counted.add(id)
      },
    })
    const accepted = await publishInParts(events, newEvents(3_000))
    startFolding(t, events, [topic])
    startFolding(t, elsewhere, [topic])
    await waitUntil(() => counted.size > 0)

    await own.redis.kill()
    await own.redis.restart()

    await waitUntil(() => counted.size === accepted.length, 30)
    await waitUntil(async () => (await own.redis.cli('XLEN', topicKey)) === '0', 30)
  })
})

const topicKey = 'sallyport:business:{events}:topic:votes'

async function startOwn(t: TestContext) {
  const redis = await startRedis(t, { appendOnly: 'always' })
  const openOne = () => redisEventLog({ ...smallLog, ...limits, runner: connectTo(t, redis.url) })
  return { redis, events: openOne(), elsewhere: openOne() }
}
