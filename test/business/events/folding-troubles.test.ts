import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { unavailable } from '../../../src/http/refusal.ts'
import { manualClock } from '../../kit/clock.ts'
import { waitUntil } from '../../kit/processes.ts'
import { aboutsOf, lettersOf, newEvent, newEvents, publishAll } from './event-kit.ts'
import { brittleTopic, startFolding, watchedTopic } from './folding-kit.ts'
import { openInMemory } from './open-log.ts'

/** Nobody's lease passes by itself: the clock of these logs stands still. */
const open = () => openInMemory({ maxEvents: 10_000 })

describe('the work of folding, where something is broken', { timeout: 30_000 }, () => {
  it('settles nothing of a fold that rejects with 503, and folds it when that is over', async (t) => {
    const { events, pass } = open()
    let isAway = true
    const topic = watchedTopic({
      async fold() {
        if (isAway) throw unavailable('the store is away')
      },
    })
    await publishAll(events, newEvents(3))
    const { log } = startFolding(t, events, [topic])
    await waitUntil(() => topic.folds.length > 2)

    await pass(10_000)
    const waiting = await events.take('votes', 10)
    isAway = false

    await waitUntil(() => topic.folded().length === 3)
    assert.equal(waiting.length, 3)
    assert.equal(log.find('events cannot be folded now, and wait').length, 1)
    await waitUntil(() => log.find('events are folded again').length === 1)
    assert.deepEqual(await lettersOf(events), [])
  })

  it('makes a dead letter of what its topic finds fault with, and says so without the payload', async (t) => {
    const { events } = open()
    const isVote = (payload: string) => ['like', 'dislike'].includes(payload)
    const topic = watchedTopic({
      problemOf: ({ payload }) => (isVote(payload) ? undefined : 'its payload is no vote'),
    })
    await publishAll(events, newEvents(10))
    const poison = await events.publish(newEvent({ payload: 'a secret of hers' }))

    const { log } = startFolding(t, events, [topic])

    await waitUntil(async () => (await lettersOf(events)).length === 1)
    const [letter] = await lettersOf(events)
    assert.deepEqual(letter?.event, poison)
    assert.equal(letter?.reason, 'its payload is no vote')
    assert.deepEqual(aboutsOf(topic.folds.flat()), aboutsOf(newEvents(10)))
    const [line] = log.find('an event became a dead letter')
    assert.equal(line?.reason, 'its payload is no vote')
    assert.equal(line?.event, poison.id)
    assert.doesNotMatch(log.text(), /a secret of hers/)
  })

  it('takes a check that throws for a fault of the event', async (t) => {
    const { events } = open()
    const topic = watchedTopic({
      problemOf({ about }) {
        if (about === 'poison') throw new TypeError('not foreseen')
        return undefined
      },
    })
    await events.publish(newEvent({ about: 'poison' }))
    await events.publish(newEvent())

    startFolding(t, events, [topic])

    await waitUntil(() => topic.folded().length === 1)
    await waitUntil(async () => (await lettersOf(events)).length === 1)
    assert.match((await lettersOf(events))[0]?.reason ?? '', /could not be checked: not foreseen/)
  })

  it('finds the one event that breaks a fold, folds all others at once, and buries it when it failed alone five times', async (t) => {
    const { events, pass } = open()
    const topic = brittleTopic()
    await publishAll(events, newEvents(250))
    await events.publish(newEvent({ about: 'poison' }))
    await publishAll(events, newEvents(249))
    const { log } = startFolding(t, events, [topic])
    const failures = () => log.find('an event could not be folded, and will be tried again').length

    await waitUntil(() => topic.folded().length === 499)
    const foldsAtOnce = topic.folds.length
    for (let count = 1; count < 5; count++) {
      await waitUntil(() => failures() === count)
      assert.deepEqual(await lettersOf(events), [])
      await pass(10_000)
    }

    await waitUntil(async () => (await lettersOf(events)).length === 1)
    const [letter] = await lettersOf(events)
    assert.equal(letter?.event.about, 'poison')
    assert.equal(letter?.reason, 'its fold failed: of this kind is none')
    assert.ok(foldsAtOnce < 25, String(foldsAtOnce))
    assert.equal(
      topic.folds.filter(([one, ...others]) => one?.about === 'poison' && others.length === 0)
        .length,
      5,
    )
  })

  it('tries what failed alone by itself, so that it does not break the next batch', async (t) => {
    const { events, pass } = open()
    const topic = brittleTopic()
    await events.publish(newEvent({ about: 'poison' }))
    startFolding(t, events, [topic])
    await waitUntil(() => topic.folds.length === 1)

    await pass(10_000)
    await publishAll(events, newEvents(100))

    await waitUntil(() => topic.folded().length === 100)
    const broken = topic.folds.filter((one) => aboutsOf(one).includes('poison'))
    assert.ok(broken.every(({ length }) => length === 1))
  })

  it('leaves aside an event for which alone the store says 503, folds all others, and does not bury it', async (t) => {
    const { events, pass } = open()
    const topic = watchedTopic({
      async fold(some) {
        if (some.some(({ about }) => about === 'poison')) throw unavailable('not this one')
      },
    })
    await publishAll(events, newEvents(50))
    await events.publish(newEvent({ about: 'poison' }))
    await publishAll(events, newEvents(49))
    const clock = manualClock()
    startFolding(t, events, [topic], { clock })
    const untilFolded = async (count: number) =>
      await waitUntil(() => {
        clock.advance(2_000)
        return topic.folded().length === count
      })
    await untilFolded(99)
    const soFar = topic.folds.length

    for (let count = 1; count <= 10; count++) {
      await pass(10_000)
      await events.publish(newEvent())
      await untilFolded(99 + count)
    }

    const later = topic.folds.slice(soFar).filter(([one]) => one?.about === 'poison')
    assert.ok(soFar < 40, String(soFar))
    assert.ok(later.length >= 9 && later.every(({ length }) => length === 1), String(later.length))
    assert.deepEqual(await lettersOf(events), [])
  })

  it('goes on with all others where there is no room for more dead letters', async (t) => {
    const { events, pass } = openInMemory({ maxEvents: 10_000, maxDeadLetters: 0 })
    const topic = watchedTopic({
      problemOf: ({ payload }) => (payload === 'poison' ? 'its payload is no vote' : undefined),
    })
    const poison = newEvents(600).map((one) => ({ ...one, payload: 'poison' }))
    await publishAll(events, poison)
    await publishAll(events, newEvents(600))

    const { stop } = startFolding(t, events, [topic])

    await waitUntil(() => topic.folded().length === 600)
    await stop()
    await pass(10_000)
    assert.equal((await events.take('votes', 1_000)).length, 600)
  })

  it('lets no topic wait for another', async (t) => {
    const { events } = open()
    let finish = () => {}
    const written = new Promise<void>((resolve) => {
      finish = resolve
    })
    const stuck = watchedTopic({ name: 'stuck', fold: () => written })
    const failing = brittleTopic({ name: 'failing' })
    const topic = watchedTopic()
    await events.publish(newEvent({ topic: 'stuck' }))
    await events.publish(newEvent({ topic: 'failing', about: 'poison' }))
    startFolding(t, events, [stuck, failing, topic])
    await waitUntil(() => stuck.folds.length === 1 && failing.folds.length === 1)

    await events.publish(newEvent())

    await waitUntil(() => topic.folded().length === 1)
    finish()
  })
})
