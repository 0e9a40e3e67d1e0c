import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { post } from '../../kit/auth-calls.ts'
import { correct } from '../../kit/auth-parts.ts'
import { logIn } from '../../kit/servers.ts'
import { failingTokens, passwordsThatHold } from './failing-parts.ts'
import { otherCredentials, startWithSessions } from './sessions-kit.ts'

describe('a logout everywhere', () => {
  it('ends all sessions of the user and tells so', async (t) => {
    const { call, isAlive, startSession, user, events } = await startWithSessions(t)
    const [asking, other] = [await startSession(), await startSession()]

    const { status } = await call('POST', '/logout-all', asking.token)

    assert.equal(status, 204)
    assert.equal(await isAlive(asking.token), false)
    assert.equal(await isAlive(other.token), false)
    const { type, sub, session, source } = events.at(-1) ?? {}
    assert.deepEqual([type, sub, source], ['all_sessions_ended', user.id, '127.0.0.1'])
    assert.equal(session, asking.id)
  })

  it('ends nothing of other users', async (t) => {
    const { call, isAlive, startSession } = await startWithSessions(t)
    const others = await startSession(otherCredentials)
    const { token } = await startSession()

    await call('POST', '/logout-all', token)

    assert.equal(await isAlive(others.token), true)
  })

  it('ends what other capabilities give users, too', async (t) => {
    const { call, additions, tokens, user, startSession } = await startWithSessions(t)
    const purpose = {
      name: 'verify',
      letter: 'v',
      flavour: 'single_use',
      ttlSeconds: 600,
      hasReservedRoom: false,
    } as const
    additions.push({ userPurposes: [purpose] })
    const { token } = await startSession()

    await call('POST', '/logout-all', token)

    const marks = await tokens.marks(user.id, [purpose])
    assert.equal(marks.has('verify'), true)
  })

  it('keeps out a login that was checked before it', async (t) => {
    const { passwords, holdNext, checked, release } = passwordsThatHold()
    const { call, url, list, startSession } = await startWithSessions(t, { passwords })
    const { token } = await startSession()
    holdNext()
    const login = post(`${url}/login`, { json: correct })
    await checked

    await call('POST', '/logout-all', token)
    release()

    const { status, body } = await login
    assert.deepEqual([status, body.error], [401, 'invalid_credentials'])
    const next = await startSession()
    assert.deepEqual(
      (await list(next.token)).map(({ id }) => id),
      [next.id],
    )
  })

  it('does not keep the next login out', async (t) => {
    const { call, url, isAlive, startSession } = await startWithSessions(t)
    const { token } = await startSession()
    await call('POST', '/logout-all', token)

    const next = await logIn(url)

    assert.equal(await isAlive(next), true)
  })

  it('is refused without a token and with a dead one, and nothing ends', async (t) => {
    const { call, isAlive, startSession } = await startWithSessions(t)
    const [living, dead] = [await startSession(), await startSession()]
    await call('POST', '/logout', dead.token)

    const missing = await call('POST', '/logout-all')
    const refused = await call('POST', '/logout-all', dead.token)

    assert.deepEqual([missing.status, missing.body.error], [401, 'missing_token'])
    assert.deepEqual([refused.status, refused.body.error], [401, 'invalid_token'])
    assert.equal(await isAlive(living.token), true)
  })

  it('is a 503 where nothing may have ended', async (t) => {
    const { tokens, failNext } = failingTokens()
    const { call, startSession } = await startWithSessions(t, { tokens })
    const { token } = await startSession()

    failNext()
    const first = await call('POST', '/logout-all', token)
    const second = await call('POST', '/logout-all', token)

    assert.deepEqual([first.status, first.body.error], [503, 'temporarily_unavailable'])
    assert.equal(second.status, 204)
  })
})
