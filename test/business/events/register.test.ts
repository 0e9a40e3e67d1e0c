/** Events as the capabilities of business see them, in memory and on one real Redis. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type BusinessCore, businessCapability } from '../../../src/business/capability.ts'
import type { Events, Topic } from '../../../src/business/event-port.ts'
import { events as eventsCapability } from '../../../src/business/events/register.ts'
import type { EventBacking } from '../../../src/storage/backing.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { startTestAuth, startTestBusiness } from '../../kit/servers.ts'
import { newEvent, pendingOf } from './event-kit.ts'
import { watchedTopic } from './folding-kit.ts'
import { shareEventRedis } from './open-log.ts'

const fast = { FLUSH_INTERVAL_MILLISECONDS: '5' }

/** A business whose other capability folds this topic. */
async function startBusinessWith(
  t: TestContext,
  topic: Topic,
  { eventBacking, environment = fast }: { eventBacking?: EventBacking; environment?: object } = {},
) {
  const { url: authUrl } = await startTestAuth(t)
  let core: BusinessCore | undefined
  const folding = businessCapability({
    name: 'folding',
    register(own) {
      core = own
      return { topics: [topic] }
    },
  })
  const business = await startTestBusiness(t, {
    authUrl,
    capabilities: [eventsCapability, folding], // whichever comes first
    environment: { ...environment },
    ...(eventBacking && { eventBacking }),
  })
  return { ...business, events: core?.events() }
}

async function startAccepting(...[t, topic, options]: Parameters<typeof startBusinessWith>) {
  const { events, ...business } = await startBusinessWith(t, topic, options)
  assert.ok(events !== undefined)
  return { ...business, events }
}

/** Puts a fold off until the test says that it may go on. */
function slowTopic() {
  let finish = () => {}
  const written = new Promise<void>((resolve) => {
    finish = resolve
  })
  return { topic: watchedTopic({ fold: () => written }), finish: () => finish() }
}

async function assertNobodyFolds(events: Events, topic: string): Promise<void> {
  await assert.rejects(events.publish(newEvent({ topic })), /nobody folds events of this topic/)
}

describe('events in the memory of business', { timeout: 60_000 }, () => {
  it('are folded under the name of their topic', async (t) => {
    const topic = watchedTopic()
    const { events } = await startAccepting(t, topic)

    const accepted = await events.publish(newEvent())

    await waitUntil(() => topic.folded().length === 1)
    assert.deepEqual(
      topic.folds.flat().map(({ id }) => id),
      [accepted.id],
    )
  })

  it('are a fault under a name that nobody folds, and do not wait', async (t) => {
    const { events } = await startAccepting(t, watchedTopic())

    await assertNobodyFolds(events, 'vote')

    const asked = { topic: 'vote', owner: 'ada', abouts: ['post'] }
    assert.deepEqual(await events.pending(asked), new Map())
  })

  it('are shown to who sent them before and after they are folded', async (t) => {
    const { topic, finish } = slowTopic()
    const { events } = await startAccepting(t, topic)
    await events.publish(newEvent())

    const before = await pendingOf(events, 'post')
    finish()
    await waitUntil(() => topic.folded().length === 1)

    assert.deepEqual(before, { post: 'like' })
    assert.deepEqual(await pendingOf(events, 'post'), { post: 'like' })
  })

  it('are refused with 503 where as many wait as may', async (t) => {
    const { topic, finish } = slowTopic()
    const environment = { ...fast, MAX_EVENTS: '3' }
    const { events } = await startAccepting(t, topic, { environment })
    for (const about of ['one', 'two', 'three']) await events.publish(newEvent({ about }))

    const refused = events.publish(newEvent({ about: 'four' }))

    await assert.rejects(refused, { code: 'temporarily_unavailable' })
    finish()
    await waitUntil(() => topic.folded().length === 3)
    assert.deepEqual([...topic.folded()].sort(), ['one', 'three', 'two'])
  })

  it('are none in production, where they would end with their process', async (t) => {
    const environment = {
      APP_ENV: 'production',
      BUSINESS_CLIENT_SECRET: 'a-secret-for-tests-of-32-characters-or-more',
      TRUSTED_PROXY_HOPS: '1',
    }

    const { events, log } = await startBusinessWith(t, watchedTopic(), { environment })

    assert.equal(events, undefined)
    assert.match(log.text(), /nothing is accepted as an event, but folded at once/)
  })

  it('ask nothing of readiness', async (t) => {
    const { additions } = await startAccepting(t, watchedTopic())

    assert.ok(additions.every(({ probes }) => probes === undefined))
  })
})

describe('events in Redis', { skip: skipUnless('redis-server'), timeout: 60_000 }, () => {
  const redis = shareEventRedis()
  const backing = (t: TestContext): EventBacking => ({ kind: 'redis', runner: redis.connect(t) })

  it('are accepted by one business, shown at once by another, and folded once', async (t) => {
    await redis.server().cli('FLUSHALL')
    const { topic, finish } = slowTopic()
    const one = await startAccepting(t, topic, { eventBacking: backing(t) })
    const other = await startAccepting(t, topic, { eventBacking: backing(t) })

    await one.events.publish(newEvent())
    const shown = await pendingOf(other.events, 'post')
    finish()

    assert.deepEqual(shown, { post: 'like' })
    await waitUntil(() => topic.folded().length === 1)
    assert.deepEqual(await pendingOf(other.events, 'post'), { post: 'like' })
    assert.deepEqual(topic.folded(), ['post'])
  })

  it('are a fault under a name that nobody folds, and do not wait', async (t) => {
    await redis.server().cli('FLUSHALL')
    const { events } = await startAccepting(t, watchedTopic(), { eventBacking: backing(t) })

    await assertNobodyFolds(events, 'vote')

    assert.doesNotMatch(await redis.server().cli('KEYS', '*'), /topic:vote$/m)
  })

  it('make business unready while Redis does not answer', async (t) => {
    const business = await startAccepting(t, watchedTopic(), { eventBacking: backing(t) })
    await business.readiness.probe()
    const before = business.readiness.failing
    t.after(() => redis.server().resume())
    redis.server().stop()

    await business.readiness.probe()

    assert.deepEqual(before, [])
    assert.deepEqual(business.readiness.failing, ['events'])
  })
})
