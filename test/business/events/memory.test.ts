import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newEvent, pendingOf, takeFresh } from './event-kit.ts'
import { eventLogContract } from './event-log-contract.ts'
import { openInMemory } from './open-log.ts'

eventLogContract('events in memory', async () => openInMemory())

describe('events in memory', () => {
  it('are known until the tenth second after they were settled, to the millisecond', async () => {
    const { events, pass } = openInMemory({ pendingMilliseconds: 10_000 })
    await events.settle('votes', [await takeFresh({ events })])

    await pass(9_999)
    const before = await pendingOf(events, 'post')
    await pass(1)

    assert.deepEqual(before, { post: 'like' })
    assert.deepEqual(await pendingOf(events, 'post'), {})
  })

  it('are given to another when the lease has passed, to the millisecond', async () => {
    const { events, pass } = openInMemory({ leaseMilliseconds: 1_000 })
    await events.publish(newEvent())
    await events.take('votes', 1)

    await pass(999)
    const before = await events.take('votes', 1)
    await pass(1)

    assert.deepEqual(before, [])
    assert.equal((await events.take('votes', 1)).length, 1)
  })
})
