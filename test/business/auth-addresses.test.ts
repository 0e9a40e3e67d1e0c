import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { createAuthAddresses } from '../../src/business/auth-addresses.ts'
import { AuthUnreachable, postTwice } from '../../src/business/auth-connection.ts'
import { manualClock } from '../kit/clock.ts'
import { countedClock } from '../kit/counted-clock.ts'
import {
  answer,
  type Behaviour,
  type FakeAuth,
  neverAnswer,
  resetConnection,
  startFakeAuth,
} from '../kit/fake-auth.ts'
import { recordedLog } from '../kit/log.ts'
import { waitUntil } from '../kit/processes.ts'

const ready = answer(200, { status: 'ready' })
const busy = answer(503, {})
const request = { path: '/validateToken', headers: {}, body: '{"tokens":[]}' } as const

/** So long that seconds can pass while auth is asked. */
const deadlineMilliseconds = 100_000

async function startReadyAuth(t: TestContext): Promise<FakeAuth> {
  const auth = await startFakeAuth(t)
  auth.always('/readyz', ready)
  return auth
}

/** Two auths, and a connection to both of them. */
async function setUp(t: TestContext) {
  const [one, other] = [await startReadyAuth(t), await startReadyAuth(t)]
  const clock = countedClock(manualClock())
  const log = recordedLog()
  const limits = { deadlineMilliseconds, maxAnswerBytes: 1_000 }
  const addresses = createAuthAddresses({ urls: [one.url, other.url], clock, log, ...limits })
  t.after(() => addresses.stop())
  const connection = addresses.connect()
  t.after(() => connection.close())
  const statusOf = async () => (await postTwice(connection, request)).status
  const calls = () => [one, other].map((auth) => auth.lists().length)
  /** Asks so often, one after the other, and says how often each was asked. */
  const ask = async (times: number) => {
    const before = calls()
    for (let time = 0; time < times; time++) await statusOf()
    return calls().map((count, index) => count - (before[index] ?? 0))
  }
  /** Lets seconds pass until it has been asked so often whether it is ready. */
  const askedAgain = async (auth: FakeAuth, times: number) => {
    await waitUntil(() => {
      if (auth.callsTo('/readyz').length < times) clock.advance(1_000)
      return auth.callsTo('/readyz').length >= times
    })
  }
  return { one, other, clock, log, addresses, connection, statusOf, calls, ask, askedAgain }
}

function isUnreachable(error: unknown): true {
  assert.ok(error instanceof AuthUnreachable)
  return true
}

describe('the addresses of auth', () => {
  it('get the calls in turn', async (t) => {
    const { ask } = await setUp(t)

    assert.deepEqual(await ask(10), [5, 5])
  })

  it('are not asked whether they are ready while they live', async (t) => {
    const { one, other, clock, ask } = await setUp(t)

    await ask(2)
    clock.advance(10_000)

    assert.equal(clock.pending(), 0)
    assert.equal(one.callsTo('/readyz').length + other.callsTo('/readyz').length, 0)
  })

  it('get their turns from each connection, and every connection knows who is dead', async (t) => {
    const { one, other, addresses, ask } = await setUp(t)
    const second = addresses.connect()
    t.after(() => second.close())
    await one.stop()
    await ask(2)

    await Promise.all([second.post(request), second.post(request)])

    assert.deepEqual([one.lists().length, other.lists().length], [0, 4])
  })

  const deaths: Readonly<Record<string, Behaviour>> = {
    'resets the connection': resetConnection,
    'answers 503': busy,
  }
  for (const [what, behaviour] of Object.entries(deaths)) {
    it(`lose one that ${what}, at once, and its call is repeated at another`, async (t) => {
      const { one, log, statusOf, ask, calls } = await setUp(t)
      one.next('/validateToken', behaviour)

      const status = await statusOf()

      assert.equal(status, 200)
      assert.deepEqual(calls(), [1, 1])
      assert.deepEqual(await ask(4), [0, 4])
      assert.equal(log.find('an auth gets no more calls')[0]?.url, one.url)
    })
  }

  it('lose one that refuses connections, at once, and its call is repeated at another', async (t) => {
    const { one, statusOf, ask } = await setUp(t)
    await one.stop()

    const status = await statusOf()

    assert.equal(status, 200)
    assert.deepEqual(await ask(4), [0, 4])
  })

  it('lose one that is too slow, whose call is not repeated', async (t) => {
    const { one, clock, statusOf, calls, ask } = await setUp(t)
    one.next('/validateToken', neverAnswer)

    const rejected = assert.rejects(statusOf(), isUnreachable)
    await one.called('/validateToken', 1)
    clock.advance(deadlineMilliseconds)

    await rejected
    assert.deepEqual(calls(), [1, 0])
    assert.deepEqual(await ask(4), [0, 4])
  })

  it('lose none that refuses a credential or has a fault', async (t) => {
    const { one, other, ask } = await setUp(t)
    one.always('/validateToken', answer(401, {}))
    other.always('/validateToken', answer(500, {}))

    assert.deepEqual(await ask(4), [2, 2])
  })

  it('have one back as soon as it says that it is ready, asked each second', async (t) => {
    const { one, log, ask, askedAgain } = await setUp(t)
    one.next('/readyz', busy, busy)
    one.next('/validateToken', busy)
    await ask(1)

    await askedAgain(one, 1)
    assert.deepEqual(await ask(2), [0, 2])
    await askedAgain(one, 2)
    assert.deepEqual(await ask(2), [0, 2])
    await askedAgain(one, 3)
    await waitUntil(() => log.find('an auth gets calls again').length === 1)

    assert.deepEqual(await ask(4), [2, 2])
  })

  it('are asked no more once they are back', async (t) => {
    const { one, clock, log, ask, askedAgain } = await setUp(t)
    one.next('/validateToken', resetConnection)
    await ask(1)
    await askedAgain(one, 1)
    await waitUntil(() => log.find('an auth gets calls again').length === 1)

    clock.advance(10_000)

    assert.equal(clock.pending(), 0)
    assert.equal(one.callsTo('/readyz').length, 1)
  })

  it('have one back that was gone and listens again', async (t) => {
    const { one, clock, log, ask } = await setUp(t)
    await one.stop()
    await ask(1)
    await one.listenAgain()

    await waitUntil(() => {
      clock.advance(1_000)
      return log.find('an auth gets calls again').length === 1
    })

    assert.deepEqual(await ask(4), [2, 2])
  })

  it('are not asked twice at once by a question that hangs', async (t) => {
    const { one, clock, ask, askedAgain } = await setUp(t)
    one.always('/readyz', neverAnswer)
    one.next('/validateToken', resetConnection)
    await ask(1)
    await askedAgain(one, 1)

    clock.advance(10_000)

    // The question that hangs has its deadline, and the next waits for its second.
    assert.equal(clock.pending(), 2)
    assert.equal(one.callsTo('/readyz').length, 1)
  })

  it('are called in turn all the same where none lives, until one answers', async (t) => {
    const { one, other, log, statusOf, calls, ask } = await setUp(t)
    one.next('/validateToken', busy, busy)
    other.next('/validateToken', busy)

    assert.equal(await statusOf(), 503)
    assert.deepEqual(calls(), [1, 1])
    assert.equal(await statusOf(), 503)
    assert.deepEqual(calls(), [2, 1])
    assert.equal(await statusOf(), 200)
    assert.deepEqual(calls(), [2, 2])

    assert.equal(log.find('an auth gets calls again')[0]?.url, other.url)
    assert.deepEqual(await ask(2), [0, 2])
  })

  it('are told dead once, however many calls fail', async (t) => {
    const { one, log, connection } = await setUp(t)
    one.always('/validateToken', resetConnection)

    await Promise.allSettled(Array.from({ length: 8 }, () => connection.post(request)))

    assert.equal(log.find('an auth gets no more calls').length, 1)
  })

  it('are not given up for a call that ends because its connection is closed', async (t) => {
    const { one, other, log, connection } = await setUp(t)
    for (const auth of [one, other]) auth.always('/events', neverAnswer)
    const ended = assert.rejects(connection.get('/events'), isUnreachable)
    await one.called('/events', 1)

    await connection.close()

    await ended
    assert.deepEqual(log.find('an auth gets no more calls'), [])
  })

  it('are asked nothing once they are stopped', async (t) => {
    const { one, clock, addresses, connection, ask } = await setUp(t)
    one.next('/validateToken', resetConnection)
    await ask(1)

    addresses.stop()
    await connection.close()
    await assert.rejects(connection.post(request), isUnreachable)
    clock.advance(10_000)

    assert.equal(clock.pending(), 0)
    assert.equal(one.callsTo('/readyz').length, 0)
  })
})

describe('a single address of auth', () => {
  it('is never given up, and a 503 of it is not asked for twice', async (t) => {
    const auth = await startReadyAuth(t)
    const clock = countedClock(manualClock())
    const limits = { deadlineMilliseconds: 1_000, maxAnswerBytes: 1_000 }
    const log = recordedLog()
    const addresses = createAuthAddresses({ urls: [auth.url], clock, log, ...limits })
    const connection = addresses.connect()
    t.after(() => connection.close())
    auth.next('/validateToken', busy)

    const answered = await postTwice(connection, request)

    assert.equal(answered.status, 503)
    assert.equal(auth.lists().length, 1)
    assert.equal(clock.pending(), 0)
    assert.equal((await postTwice(connection, request)).status, 200)
  })
})
