import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keyOf } from '../../../src/tokens/token.ts'
import { asToken, bearer, readAnswer } from '../../kit/auth-calls.ts'
import { correct } from '../../kit/auth-parts.ts'
import { manualClock } from '../../kit/clock.ts'
import { logIn, serviceTokenOf } from '../../kit/servers.ts'
import { assertUnavailable } from '../../kit/unavailable.ts'
import { otherCredentials, startWithSessions } from './sessions-kit.ts'

const beginning = 1_700_000_000

describe('the list of sessions', () => {
  it('says of each since when, from where and how it lives, and which one asks', async (t) => {
    const clock = manualClock(beginning * 1000)
    const { list, startSession } = await startWithSessions(t, { clock })
    const first = await startSession()
    clock.advance(5_000)
    const second = await startSession()
    clock.advance(2_000)

    const sessions = await list(first.token)

    const [asking, other] = sessions
    assert.equal(sessions.length, 2)
    assert.deepEqual(asking, {
      id: first.id,
      purpose: 'session',
      issued_at: beginning,
      source: '127.0.0.1',
      last_used_at: beginning + 7,
      refresh_count: 1,
      expires_in: 30,
      is_current: true,
    })
    assert.deepEqual(other, {
      id: second.id,
      purpose: 'session',
      issued_at: beginning + 5,
      source: '127.0.0.1',
      last_used_at: beginning + 5,
      refresh_count: 0,
      expires_in: 28,
      is_current: false,
    })
  })

  it('lets the session that asks live on, and no other', async (t) => {
    const clock = manualClock()
    const { list, peek, startSession } = await startWithSessions(t, { clock })
    const asking = await startSession()
    const other = await startSession()
    clock.advance(20_000)

    await list(asking.token)
    await list(asking.token)
    clock.advance(10_000)

    assert.equal((await peek(asking.token))?.refreshCount, 2)
    assert.equal(await peek(other.token), undefined)
  })

  it('shows the most recently used first', async (t) => {
    const clock = manualClock()
    const { list, startSession } = await startWithSessions(t, { clock })
    const [one, two, three] = [await startSession(), await startSession(), await startSession()]
    clock.advance(1_000)
    await list(two.token)
    clock.advance(1_000)
    await list(one.token)
    clock.advance(1_000)

    const sessions = await list(three.token)

    assert.deepEqual(
      sessions.map(({ id }) => id),
      [three.id, one.id, two.id],
    )
  })

  it('shows nobody any token, nor where it is filed', async (t) => {
    const { call, startSession } = await startWithSessions(t)
    const [asking, other] = [await startSession(), await startSession()]

    const { body, headers } = await call('GET', '/sessions', asking.token)

    const text = JSON.stringify(body)
    const secrets = [asking.token, other.token, keyOf(asToken(other.token)).hash]
    assert.deepEqual(
      secrets.filter((secret) => text.includes(secret)),
      [],
    )
    assert.equal(headers.get('cache-control'), 'no-store')
  })

  it('shows none that is dead: by time, by logout, by everything having been ended', async (t) => {
    const clock = manualClock()
    const { call, list, startSession } = await startWithSessions(t, { clock })
    await startSession()
    clock.advance(30_000)
    const loggedOut = await startSession()
    await call('POST', '/logout', loggedOut.token)
    const asking = await startSession()

    const before = await list(asking.token)
    await call('POST', '/logout-all', asking.token)
    const afterwards = await startSession()
    const after = await list(afterwards.token)

    assert.deepEqual(
      before.map(({ id }) => id),
      [asking.id],
    )
    assert.deepEqual(
      after.map(({ id }) => id),
      [afterwards.id],
    )
  })

  it('shows none of other users', async (t) => {
    const { list, startSession } = await startWithSessions(t)
    await startSession(otherCredentials)
    const own = await startSession()

    const sessions = await list(own.token)

    assert.deepEqual(
      sessions.map(({ id }) => id),
      [own.id],
    )
  })

  it('shows the source that a proxy of ours saw', async (t) => {
    const { url, list } = await startWithSessions(t, { trustedProxyHops: 1 })
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': '10.0.0.1, 192.0.2.7' }
    const body = JSON.stringify(correct)
    const login = await readAnswer(await fetch(`${url}/login`, { method: 'POST', headers, body }))

    const [session] = await list(String(login.body.token))

    assert.equal(session?.source, '192.0.2.7')
  })

  it('is refused without a token, and with one that is dead or for servers', async (t) => {
    const { url, call, startSession } = await startWithSessions(t)
    const { token } = await startSession()
    await call('POST', '/logout', token)

    const missing = await call('GET', '/sessions')
    const dead = await call('GET', '/sessions', token)
    const service = await call('GET', '/sessions', await serviceTokenOf(url))

    assert.deepEqual([missing.status, missing.body.error], [401, 'missing_token'])
    assert.deepEqual([dead.status, dead.body.error], [401, 'invalid_token'])
    assert.deepEqual([service.status, service.body.error], [401, 'invalid_token'])
  })

  it('is a 503 where the store cannot tell', async (t) => {
    const { url, tokens } = await startWithSessions(t)
    const token = await logIn(url)
    await tokens.close()

    const answer = await fetch(`${url}/sessions`, { headers: { authorization: bearer(token) } })

    await assertUnavailable(answer)
  })
})
