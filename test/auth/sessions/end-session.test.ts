import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keyOf } from '../../../src/tokens/token.ts'
import { asToken } from '../../kit/auth-calls.ts'
import { failingTokens } from './failing-parts.ts'
import { otherCredentials, startWithSessions } from './sessions-kit.ts'

describe('ending a session', () => {
  it('ends the one that is named, takes it off the list and tells so', async (t) => {
    const { call, list, isAlive, startSession, user, events } = await startWithSessions(t)
    const [asking, third] = [await startSession(), await startSession()]
    const named = await startSession()

    const { status } = await call('DELETE', `/sessions/${named.id}`, asking.token)

    assert.equal(status, 204)
    assert.equal(await isAlive(named.token), false)
    assert.equal(await isAlive(third.token), true)
    const left = (await list(asking.token)).map(({ id }) => id)
    assert.deepEqual(left.sort(), [asking.id, third.id].sort())
    const { type, sub, source, session } = events.at(-1) ?? {}
    assert.deepEqual([type, sub, source], ['session_ended', user.id, '127.0.0.1'])
    assert.equal(session, named.id)
  })

  it('ends the one that asks', async (t) => {
    const { call, isAlive, startSession } = await startWithSessions(t)
    const { token, id } = await startSession()

    const first = await call('DELETE', `/sessions/${id}`, token)
    const second = await call('DELETE', `/sessions/${id}`, token)

    assert.equal(first.status, 204)
    assert.equal(await isAlive(token), false)
    assert.deepEqual([second.status, second.body.error], [401, 'invalid_token'])
  })

  it('knows nothing of sessions of others: the same answer as for none, and nothing ends', async (t) => {
    const { call, isAlive, startSession, events } = await startWithSessions(t)
    const others = await startSession(otherCredentials)
    const { token } = await startSession()
    const told = events.length

    const found = await call('DELETE', `/sessions/${others.id}`, token)
    const unknown = await call('DELETE', `/sessions/${'x'.repeat(22)}`, token)

    assert.equal(found.status, 404)
    assert.equal(found.body.error, 'not_found')
    const { request_id: one, ...answer } = found.body
    const { request_id: another, ...sameAnswer } = unknown.body
    assert.deepEqual(answer, sameAnswer)
    assert.notEqual(one, another)
    assert.equal(await isAlive(others.token), true)
    assert.equal(events.length, told)
  })

  it('finds none that is dead', async (t) => {
    const { call, startSession, events } = await startWithSessions(t)
    const [asking, dead] = [await startSession(), await startSession()]
    await call('POST', '/logout', dead.token)
    const told = events.length

    const first = await call('DELETE', `/sessions/${dead.id}`, asking.token)
    const second = await call('DELETE', `/sessions/${dead.id}`, asking.token)

    assert.deepEqual([first.status, first.body.error], [404, 'not_found'])
    assert.deepEqual([second.status, second.body.error], [404, 'not_found'])
    assert.equal(events.length, told)
  })

  it('lets the session that asks live on, though it finds nothing to end', async (t) => {
    const { call, peek, startSession } = await startWithSessions(t)
    const { token } = await startSession()

    await call('DELETE', '/sessions/unknown', token)

    assert.equal((await peek(token))?.refreshCount, 1)
  })

  it('is refused without a token, and nothing ends', async (t) => {
    const { call, isAlive, startSession } = await startWithSessions(t)
    const { token, id } = await startSession()

    const { status, body } = await call('DELETE', `/sessions/${id}`)

    assert.deepEqual([status, body.error], [401, 'missing_token'])
    assert.equal(await isAlive(token), true)
  })

  it('takes an id for nothing but an id', async (t) => {
    const { call, isAlive, startSession } = await startWithSessions(t)
    const { token, id } = await startSession()
    const { hash } = keyOf(asToken(token))
    const hostile = [
      '*',
      '__proto__',
      `${id}*`,
      id.toUpperCase(),
      `%20${id}`,
      '%00',
      `${id}%00`,
      '%22%20or%201%3D1',
      'x'.repeat(4_000),
      token,
      hash,
      '%F0%9F%98%80',
    ]

    const answers = await Promise.all(
      hostile.map((one) => call('DELETE', `/sessions/${one}`, token)),
    )

    assert.deepEqual(
      answers.map(({ status }) => status),
      hostile.map(() => 404),
    )
    assert.equal(await isAlive(token), true)
  })

  it('answers nothing but DELETE at the path of a session', async (t) => {
    const { call, startSession } = await startWithSessions(t)
    const { token, id } = await startSession()

    const { status, headers } = await call('GET', `/sessions/${id}`, token)

    assert.equal(status, 405)
    assert.equal(headers.get('allow'), 'DELETE, OPTIONS')
  })

  it('is a 503 where the session may not have ended, which can then be ended again', async (t) => {
    const { tokens, failNext } = failingTokens()
    const { call, startSession, isAlive } = await startWithSessions(t, { tokens })
    const [asking, named] = [await startSession(), await startSession()]

    failNext()
    const first = await call('DELETE', `/sessions/${named.id}`, asking.token)
    const second = await call('DELETE', `/sessions/${named.id}`, asking.token)

    assert.deepEqual([first.status, first.body.error], [503, 'temporarily_unavailable'])
    assert.equal(second.status, 204)
    assert.equal(await isAlive(named.token), false)
  })
})
