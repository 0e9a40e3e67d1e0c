import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createQueue } from '../../../src/passwords/queue.ts'
import { memoryTokenStore } from '../../../src/storage/memory/tokens.ts'
import { cheapPasswords, correct } from '../../kit/auth-parts.ts'
import { createGate } from '../../kit/gate.ts'
import {
  fromAddresses,
  home,
  startThrottledAuth,
  throttleOn,
  times,
  wrong,
} from './throttled-auth.ts'

describe('a login after wrong passwords', () => {
  it('is refused with 429 and Retry-After after ten, and never before', async (t) => {
    const { logIn, statusesOf } = await startThrottledAuth(t)

    const before = await statusesOf(times(10, wrong))
    const { status, headers, body } = await logIn(wrong)

    assert.deepEqual(before, times(10, 401))
    assert.equal(status, 429)
    assert.equal(headers.get('retry-after'), '1')
    assert.deepEqual(body, {
      error: 'too_many_requests',
      error_description: 'Too many logins have failed.',
      request_id: body.request_id,
    })
  })

  it('hashes nothing, looks nobody up and issues nothing when it is refused', async (t) => {
    const tokens = memoryTokenStore({ now: Date.now, maxTokens: 100, reservedPlaces: 1 })
    const { logIn, statusesOf, derivations, users } = await startThrottledAuth(t, { tokens })
    await statusesOf(times(10, wrong))
    derivations.takeAll()
    const lookUp = t.mock.method(users, 'findByUsername')

    const { status } = await logIn(correct)

    assert.equal(status, 429)
    assert.deepEqual(derivations.takeAll(), [])
    assert.equal(lookUp.mock.callCount(), 0)
    assert.equal(await tokens.count(), 0)
  })

  it('is let in when it has waited for as long as it was told', async (t) => {
    const { logIn, statusesOf, clock } = await startThrottledAuth(t)
    await statusesOf(times(10, wrong))
    const { headers } = await logIn()

    clock.advance(Number(headers.get('retry-after')) * 1_000)

    assert.equal((await logIn()).status, 200)
  })

  it('waits for twice as long after each further one, in whole seconds that are never 0', async (t) => {
    const { logIn, statusesOf, clock } = await startThrottledAuth(t)
    await statusesOf(times(10, wrong))
    const waits: string[] = []

    for (let time = 0; time < 7; time++) {
      clock.advance(1)
      const { headers } = await logIn(wrong)
      const wait = headers.get('retry-after') ?? ''
      waits.push(wait)
      clock.advance(Number(wait) * 1_000)
      assert.equal((await logIn(wrong)).status, 401)
    }

    assert.deepEqual(waits, ['1', '2', '4', '8', '16', '32', '64'])
  })

  it('has as many again after the right one', async (t) => {
    const { statusesOf } = await startThrottledAuth(t)

    const statuses = await statusesOf([...times(9, wrong), correct, ...times(10, wrong), correct])

    assert.deepEqual(statuses, [...times(9, 401), 200, ...times(10, 401), 429])
  })

  it('is counted in whatever case the user name is typed', async (t) => {
    const { statusesOf } = await startThrottledAuth(t)

    const shouted = { ...wrong, username: 'USER@example.com' }
    const statuses = await statusesOf([...times(5, wrong), ...times(6, shouted)])

    assert.deepEqual(statuses, [...times(10, 401), 429])
  })

  it('is counted before it is hashed, also where 16 come at once', async (t) => {
    const queue = createQueue({ concurrency: 1, maxWaiting: 16 })
    const allHaveBegun = createGate()
    let begun = 0
    const counting = throttleOn((right) => ({
      begin: async (place) => {
        const verdict = await right.begin(place)
        if (++begun === 16) allHaveBegun.open()
        return verdict
      },
    }))
    const { logIn } = await startThrottledAuth(t, {
      capabilities: [counting],
      passwords: cheapPasswords({ queue }),
    })
    const occupied = queue(() => allHaveBegun.opened)

    const answers = await Promise.all(times(16, wrong).map((attempt) => logIn(attempt)))

    await occupied
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([401]))
    assert.equal((await logIn()).headers.get('retry-after'), '64')
  })

  it('is told as an event, and the log has nothing of what was typed', async (t) => {
    const { logIn, statusesOf, events, log } = await startThrottledAuth(t)
    await statusesOf(times(10, wrong))

    const { body } = await logIn(wrong)

    assert.deepEqual(events.at(-1), {
      type: 'login_refused',
      requestId: body.request_id,
      source: home,
      username: wrong.username,
      details: { retry_after_seconds: 1 },
    })
    assert.equal(events.filter(({ type }) => type === 'login_refused').length, 1)
    assert.ok(!log.text().includes(wrong.username))
    assert.ok(!log.text().includes(wrong.password))
  })
})

describe('a login with the right password', () => {
  it('is never slowed by those before it, however many there were', async (t) => {
    const { statusesOf } = await startThrottledAuth(t)

    const statuses = await statusesOf(times(256, correct))

    assert.deepEqual(new Set(statuses), new Set([200]))
  })

  it('is never slowed by 63 others of the same user at the same time, not even in a new place', async (t) => {
    const { logIn } = await startThrottledAuth(t)

    const answers = await Promise.all(times(64, correct).map((attempt) => logIn(attempt)))

    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  })

  it('gets in where its user is known, while strangers hammer the account', async (t) => {
    const { logIn, statusesOf } = await startThrottledAuth(t)
    await logIn()

    const hammered = await statusesOf(fromAddresses(30, wrong))

    assert.deepEqual(hammered, [...times(20, 401), ...times(10, 429)])
    assert.equal((await logIn()).status, 200)
    const elsewhere = await logIn({ ...correct, forwardedFor: '203.0.113.1' })
    assert.equal(elsewhere.status, 429)
    assert.ok(Number(elsewhere.headers.get('retry-after')) <= 60)
  })

  it('gets in where its user is known, while strangers try other accounts from the same address', async (t) => {
    const { logIn } = await startThrottledAuth(t)
    await logIn()
    const others = Array.from({ length: 130 }, (_, index) => ({
      username: `other ${index}`,
      password: 'x',
    }))

    const statuses: number[] = []
    for (const other of others) statuses.push((await logIn(other)).status)

    assert.deepEqual(statuses, [...times(100, 401), ...times(30, 429)])
    assert.equal((await logIn()).status, 200)
  })

  it('waits for no more than a minute where its user is not known, when strangers have gone', async (t) => {
    const { logIn, clock } = await startThrottledAuth(t)
    await Promise.all(fromAddresses(90, wrong).map((attempt) => logIn(attempt)))

    clock.advance(60_000)

    assert.equal((await logIn()).status, 200)
  })
})
