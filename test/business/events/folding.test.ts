import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { unavailable } from '../../../src/http/refusal.ts'
import { manualClock } from '../../kit/clock.ts'
import { waitUntil } from '../../kit/processes.ts'
import { aboutsOf, lettersOf, newEvent, newEvents, publishAll } from './event-kit.ts'
import { startFolding, watchedTopic } from './folding-kit.ts'
import { openInMemory } from './open-log.ts'

/** Nobody's lease passes by itself: the clock of these logs stands still. */
const open = () => openInMemory({ maxEvents: 10_000 })

describe('the work of folding', { timeout: 30_000 }, () => {
  it('folds with one call what was accepted meanwhile', async (t) => {
    const { events } = open()
    const topic = watchedTopic()
    await publishAll(events, newEvents(300))

    startFolding(t, events, [topic])

    await waitUntil(() => topic.folded().length === 300)
    assert.equal(topic.folds.length, 1)
  })

  it('does not wait while there is more', async (t) => {
    const { events } = open()
    const topic = watchedTopic()
    await publishAll(events, newEvents(1_200))

    startFolding(t, events, [topic], { clock: manualClock() }) // on which no pause ends

    await waitUntil(() => topic.folded().length === 1_200)
    assert.deepEqual(
      topic.folds.map(({ length }) => length),
      [500, 500, 200],
    )
  })

  it('settles a batch only after its fold has resolved', async (t) => {
    const { events, pass } = open()
    let finish = () => {}
    const written = new Promise<void>((resolve) => {
      finish = resolve
    })
    const topic = watchedTopic({ fold: () => written })
    await events.publish(newEvent())
    const { stop } = startFolding(t, events, [topic])
    await waitUntil(() => topic.folds.length === 1)

    await pass(10_000)
    const takenOver = await events.take('votes', 10)
    finish()
    await stop()

    await pass(10_000)
    assert.deepEqual(aboutsOf(takenOver), ['post'])
    assert.deepEqual(await events.take('votes', 10), [])
  })

  it('leaves events where they are which nobody folds', async (t) => {
    const { events } = open()
    await events.publish(newEvent({ topic: 'of-a-deleted-capability' }))
    const topic = watchedTopic()
    const { stop } = startFolding(t, events, [topic])
    await events.publish(newEvent())
    await waitUntil(() => topic.folded().length === 1)

    await stop()

    assert.equal((await events.take('of-a-deleted-capability', 10)).length, 1)
    assert.deepEqual(await lettersOf(events), [])
  })

  it('ends when the batch under way is folded, and takes no other', async (t) => {
    const { events, pass } = open()
    let finish = () => {}
    const topic = watchedTopic({
      fold: () =>
        new Promise((resolve) => {
          finish = resolve
        }),
    })
    await publishAll(events, newEvents(600))
    const { stop } = startFolding(t, events, [topic])
    await waitUntil(() => topic.folds.length === 1)

    const stopped = stop()
    finish()
    await stopped

    await pass(10_000)
    assert.equal(topic.folds.length, 1)
    assert.equal((await events.take('votes', 1_000)).length, 100)
  })

  it('folds all that waits before it ends, where nobody else would', async (t) => {
    const { events } = open()
    const topic = watchedTopic()
    const { stop } = startFolding(t, events, [topic], { isAlone: true, clock: manualClock() })
    await waitUntil(async () => (await events.take('votes', 1)).length === 0)
    await publishAll(events, newEvents(1_200))

    await stop()

    assert.equal(topic.folded().length, 1_200)
  })

  it('ends though its store is away', async (t) => {
    const { events } = open()
    const topic = watchedTopic({ fold: () => Promise.reject(unavailable('the store is away')) })
    await events.publish(newEvent())
    const { stop } = startFolding(t, events, [topic], { isAlone: true })
    await waitUntil(() => topic.folds.length > 0)

    await stop()

    assert.deepEqual(topic.folded(), [])
  })

  it('does not begin where two topics have one name', () => {
    const { events } = open()
    const start = () =>
      startFolding({ after: () => {} } as never, events, [watchedTopic(), watchedTopic()])

    assert.throws(start, /two topics have one name/)
  })
})
