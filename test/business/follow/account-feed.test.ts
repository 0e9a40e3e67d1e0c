import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { createAuthAddresses } from '../../../src/business/auth-addresses.ts'
import { createAccountFeed, readPage } from '../../../src/business/follow/account-feed.ts'
import { createServiceToken } from '../../../src/business/service-token.ts'
import { manualClock } from '../../kit/clock.ts'
import { countedClock } from '../../kit/counted-clock.ts'
import { answer, neverAnswer, resetConnection, startFakeAuth } from '../../kit/fake-auth.ts'
import { recordedLog } from '../../kit/log.ts'
import { testClient } from '../../kit/servers.ts'

const limit = { timeout: 20_000 }
const waiting = '/events?after=a.1&limit=100&wait=20'
const page = answer(200, { events: [], next: 'a.1' })

async function setUp(t: TestContext) {
  const auth = await startFakeAuth(t)
  const clock = countedClock(manualClock())
  const log = recordedLog()
  const limits = { deadlineMilliseconds: 1_000, maxAnswerBytes: 10_000 }
  const addresses = createAuthAddresses({ urls: [auth.url], clock, log, ...limits })
  t.after(() => addresses.stop())
  const waitingConnection = addresses.connect({ waitMilliseconds: 20_000 })
  const connection = addresses.connect()
  t.after(() => Promise.all([connection.close(), waitingConnection.close()]))
  const scope = 'accounts:events'
  const { now } = clock
  const own = { connection, client: testClient, scope, now }
  const serviceToken = createServiceToken(own)
  const ways = { connection, waitingConnection, serviceToken }
  return { auth, clock, feed: createAccountFeed({ ...ways, waitSeconds: 20 }) }
}

describe('the feed as business asks for it', () => {
  it('is asked with a service token for account events alone', limit, async (t) => {
    const { auth, feed } = await setUp(t)
    auth.always('/events', answer(200, { events: [], next: 'a.7' }))

    const end = await feed.end()

    assert.equal(end, 'a.7')
    assert.match(auth.callsTo('/token')[0]?.body ?? '', /scope=accounts%3Aevents$/)
    assert.equal(auth.callsTo('/events')[0]?.authorization, 'Bearer credential-1')
  })

  it('is asked again with another service token where the first was refused', limit, async (t) => {
    const { auth, feed } = await setUp(t)
    auth.always(waiting, page)
    auth.next(waiting, answer(401, {}))

    const found = await feed.after('a.1')

    assert.deepEqual(found, { events: [], next: 'a.1' })
    const tokens = auth.callsTo(waiting).map((call) => call.authorization)
    assert.deepEqual(tokens, ['Bearer credential-1', 'Bearer credential-2'])
  })

  it('is asked again at once where the connection was reset', limit, async (t) => {
    const { auth, feed } = await setUp(t)
    auth.always(waiting, page)
    auth.next(waiting, resetConnection)

    assert.deepEqual(await feed.after('a.1'), { events: [], next: 'a.1' })
  })

  it('may take as long as auth is asked to wait, and a second more', limit, async (t) => {
    const { auth, clock, feed } = await setUp(t)
    auth.always('/events', answer(200, { events: [], next: 'a.1' }))
    await feed.end()
    auth.always(waiting, neverAnswer)

    let isOver = false
    const asked = feed.after('a.1').finally(() => {
      isOver = true
    })
    const failed = assert.rejects(asked, { name: 'AuthUnreachable' })
    await auth.called(waiting, 1)
    clock.advance(20_999)
    await new Promise(setImmediate)
    const early = isOver
    clock.advance(1)

    await failed
    assert.equal(early, false)
  })

  it(
    'says within a second where it ends, or fails: business waits for it before it serves',
    limit,
    async (t) => {
      const { auth, clock, feed } = await setUp(t)
      auth.always('/events', neverAnswer)
      const failed = assert.rejects(feed.end(), { name: 'AuthUnreachable' })
      await auth.called('/events', 1)

      clock.advance(1_000)

      await failed
    },
  )

  it('ends a question that waits when it is closed', limit, async (t) => {
    const { auth, feed } = await setUp(t)
    auth.always(waiting, neverAnswer)
    const failed = assert.rejects(feed.after('a.1'), { name: 'AuthUnreachable' })
    await auth.called(waiting, 1)

    await feed.close()

    await failed
    assert.equal(auth.callsTo(waiting).length, 1)
  })

  it('says where auth no longer has what is asked for', limit, async (t) => {
    const { auth, feed } = await setUp(t)
    auth.always(waiting, answer(410, { error: 'gone' }))

    assert.equal(await feed.after('a.1'), undefined)
  })
})

describe('a page of the feed', () => {
  const read = (value: unknown, status = 200) => readPage({ status, text: JSON.stringify(value) })

  it('has its events in order, without those of unknown types', () => {
    const renamed = { type: 'renamed', sub: 'ann', name: 'Ann', cursor: 'a.1', at: 1 }
    const unknown = { type: 'promoted', sub: 'ann', cursor: 'a.2', at: 1 }
    const deleted = { type: 'deleted', sub: 'ann', cursor: 'a.3', at: 1 }

    assert.deepEqual(read({ events: [renamed, unknown, deleted], next: 'a.3' }), {
      events: [
        { type: 'renamed', sub: 'ann', name: 'Ann', place: { epoch: 'a', number: 1, at: 1 } },
        { type: 'deleted', sub: 'ann', name: undefined, place: { epoch: 'a', number: 3, at: 1 } },
      ],
      next: 'a.3',
    })
  })

  it('is refused in any other form, and its content goes no further', () => {
    const other = [
      undefined,
      'planted',
      { events: [] },
      { events: 'planted', next: 'a.1' },
      { events: [{ type: 'deleted' }], next: 'a.1' },
      { events: [], next: 'planted'.repeat(10) },
      { events: Array(101).fill({ type: 'deleted', sub: 'planted' }), next: 'a.1' },
    ]

    for (const value of other)
      assert.throws(() => read(value), {
        message: 'auth told account events in a form that cannot be read',
      })
  })

  it('is refused with any other status', () => {
    assert.throws(() => read({ events: [], next: 'a.1' }, 503), {
      message: 'auth answered 503 to the question for account events',
    })
  })
})
