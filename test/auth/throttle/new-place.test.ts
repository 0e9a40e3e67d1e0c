/** Of which logins a user is to hear. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { unavailable } from '../../../src/http/refusal.ts'
import { correct } from '../../kit/auth-parts.ts'
import { skipUnless } from '../../kit/installed.ts'
import { openBacking } from '../../storage/redis/open-tokens.ts'
import { startOwnRedis } from '../../storage/redis/own-redis.ts'
import { fromAddresses, startThrottledAuth, throttleOn, times, wrong } from './throttled-auth.ts'

const type = 'login_from_new_place'
const guess = { ...wrong, forwardedFor: '198.51.100.1' }
const elsewhere = { ...correct, forwardedFor: '203.0.113.1' }

const tellingIn = (events: readonly { readonly type: string }[]) =>
  events.filter((event) => event.type === type)

describe('a login from a new place after wrong passwords', () => {
  it('is told as an event, with the user, the source, the request and the session', async (t) => {
    const { logIn, statusesOf, events, user } = await startThrottledAuth(t)
    await statusesOf([correct, guess])

    const { headers } = await logIn(elsewhere)

    const requestId = headers.get('x-request-id')
    const session = events.at(-1)?.session
    assert.notEqual(session, undefined)
    assert.deepEqual(tellingIn(events), [
      { type, requestId, source: elsewhere.forwardedFor, sub: user.id, session },
    ])
  })

  it('is told once, however many logins come after it or with it', async (t) => {
    const { logIn, statusesOf, events } = await startThrottledAuth(t)
    await statusesOf([guess, guess])

    await Promise.all(fromAddresses(16, correct).map((attempt) => logIn(attempt)))
    await statusesOf([elsewhere, correct])

    assert.equal(tellingIn(events).length, 1)
  })

  it('is told though the user has logged in at home meanwhile', async (t) => {
    const { statusesOf, events } = await startThrottledAuth(t)
    await statusesOf([correct, guess, correct, correct])
    const before = tellingIn(events)

    await statusesOf([{ ...correct, forwardedFor: guess.forwardedFor }])

    assert.deepEqual(before, [])
    assert.equal(tellingIn(events).length, 1)
  })

  it('is not told where no token was issued', async (t) => {
    const { statusesOf, events, tokens } = await startThrottledAuth(t)
    await statusesOf([guess])
    const issue = t.mock.method(tokens, 'issue', async () => {
      throw unavailable('The token store did not answer in time.')
    })

    const statuses = await statusesOf([elsewhere])

    assert.deepEqual([statuses, tellingIn(events)], [[503], []])
    issue.mock.restore()
    await statusesOf([elsewhere])
    assert.equal(tellingIn(events).length, 1)
  })

  it('is let in where nobody can say whether there were any', async (t) => {
    const succeed = async () => {
      throw unavailable('The token store did not answer in time.')
    }
    const capabilities = [throttleOn(() => ({ succeed }))]
    const { statusesOf, events } = await startThrottledAuth(t, { capabilities })

    const statuses = await statusesOf([guess, elsewhere])

    assert.deepEqual([statuses, tellingIn(events)], [[401, 200], []])
  })
})

describe('a login that no user needs to hear of', () => {
  it('is the first one, where no password was wrong', async (t) => {
    const { statusesOf, events } = await startThrottledAuth(t)

    await statusesOf([correct, elsewhere])

    assert.deepEqual(tellingIn(events), [])
  })

  it('is one from a known place, whatever was wrong there or elsewhere', async (t) => {
    const { statusesOf, events } = await startThrottledAuth(t)

    await statusesOf([correct, wrong, guess, correct])

    assert.deepEqual(tellingIn(events), [])
  })

  it('is one from a new place after wrong passwords in a known one', async (t) => {
    const { statusesOf, events } = await startThrottledAuth(t)

    await statusesOf([correct, ...times(3, wrong), elsewhere])

    assert.deepEqual(tellingIn(events), [])
  })

  it('is one of another user', async (t) => {
    const { statusesOf, events } = await startThrottledAuth(t)

    await statusesOf([{ ...guess, username: 'nobody@example.com' }, elsewhere])

    assert.deepEqual(tellingIn(events), [])
  })

  it('is one a day after the wrong passwords', async (t) => {
    const { statusesOf, events, clock } = await startThrottledAuth(t)
    await statusesOf([guess])

    clock.advance(24 * 60 * 60_000)
    await statusesOf([elsewhere])

    assert.deepEqual(tellingIn(events), [])
  })
})

describe('two auths on one Redis', { skip: skipUnless('redis-server') }, () => {
  it('tell of a login at one after wrong passwords at the other, once', async (t) => {
    const { url } = await startOwnRedis(t)
    const start = async () => {
      const { tokens, backing } = openBacking(t, url)
      return await startThrottledAuth(t, { tokens, tokenBacking: backing })
    }
    const [one, other] = [await start(), await start()]
    await one.statusesOf([correct, guess, correct])

    const statuses = await other.statusesOf(fromAddresses(3, correct))

    assert.deepEqual(statuses, [200, 200, 200])
    assert.deepEqual(tellingIn(one.events), [])
    assert.equal(tellingIn(other.events).length, 1)
  })
})
