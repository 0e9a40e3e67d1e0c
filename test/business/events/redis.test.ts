import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { newEvent, newEvents, publishAll, publishInParts, takeFresh } from './event-kit.ts'
import { eventLogContract } from './event-log-contract.ts'
import { shareEventRedis } from './open-log.ts'

const topicKey = 'sallyport:business:{events}:topic:votes'

describe('on one Redis', { skip: skipUnless('redis-server'), timeout: 120_000 }, () => {
  const redis = shareEventRedis()

  eventLogContract('events in Redis', (t) => redis.open(t))

  it('keep nothing but an empty topic when all is settled', async (t) => {
    const { events } = await redis.open(t)
    await publishAll(events, newEvents(20))

    await events.settle('votes', await events.take('votes', 20))

    const keys = (await redis.server().cli('KEYS', '*')).split('\n')
    const lasting = []
    for (const key of keys) if ((await redis.server().cli('PTTL', key)) === '-1') lasting.push(key)
    assert.equal(keys.length, 21)
    assert.deepEqual(lasting, [topicKey])
    assert.equal(await redis.server().cli('XLEN', lasting[0] ?? ''), '0')
  })

  it('have greater ids than all that were settled', async (t) => {
    const { events } = await redis.open(t)
    const before = await takeFresh({ events })
    await events.settle('votes', [before])

    const after = await events.publish(newEvent())

    assert.ok(after.id > before.id)
  })

  it('are found when idle behind thousands that are not', async (t) => {
    const limits = { maxEvents: 10_000, leaseMilliseconds: 60_000 }
    const { events } = await redis.open(t, limits)
    await publishInParts(events, newEvents(8_000))
    const taken = []
    for (let page = 0; page < 8; page++) taken.push(...(await events.take('votes', 1_000)))
    const last = taken.at(-1)?.place ?? ''
    const claim = ['XCLAIM', topicKey, 'workers', 'worker', '0', last, 'IDLE', '60000']
    await redis.server().cli(...claim)

    const [found, ...others] = await events.take('votes', 500)

    assert.equal(taken.length, 8_000)
    assert.equal(found?.place, last)
    assert.deepEqual(others, [])
  })

  it('are refused where memory is full, while those that wait are folded', async (t) => {
    const { events } = await redis.open(t)
    const taken = await takeFresh({ events })
    t.after(() => redis.server().cli('CONFIG', 'SET', 'maxmemory', '0'))
    await redis.server().cli('CONFIG', 'SET', 'maxmemory', '1')

    await assertUnavailable(events.publish(newEvent()))

    await events.settle('votes', [taken])
    assert.deepEqual(await events.take('votes', 1), [])
  })

  it('are a 503, and not a fault, where Redis does not answer', async (t) => {
    const { events } = await redis.open(t)
    await events.ping()

    redis.server().stop()
    t.after(() => redis.server().resume())

    await assertUnavailable(events.ping())
    await assertUnavailable(events.publish(newEvent()))
  })
})
