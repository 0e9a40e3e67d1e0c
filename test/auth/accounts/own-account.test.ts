import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { correct } from '../../kit/auth-parts.ts'
import { ann, assertRefused, password, startAccounts } from './accounts-kit.ts'

describe('/me', () => {
  it('shows the account of the session', async (t) => {
    const { call, register, logIn } = await startAccounts(t)
    const { id } = await register()
    const token = await logIn()

    const { status, body } = await call('GET', '/me', { token })

    assert.equal(status, 200)
    const { created_at: createdAt, updated_at: updatedAt, ...rest } = body
    assert.deepEqual(rest, {
      id,
      username: 'ann@example.com',
      name: 'Ann',
      verified: false,
      roles: [],
    })
    assert.ok(Math.abs(Number(createdAt) * 1000 - Date.now()) < 5_000)
    assert.equal(updatedAt, createdAt)
  })

  it('shows who was made by an operator as verified', async (t) => {
    const { call, logIn } = await startAccounts(t)
    const { body } = await call('GET', '/me', { token: await logIn(correct) })

    assert.equal(body.verified, true)
    assert.equal(body.username, 'user@example.com')
  })

  it('is nothing for who brings no token, or a dead one', async (t) => {
    const { call } = await startAccounts(t)

    assertRefused(await call('GET', '/me'), 401, 'missing_token')
    assertRefused(await call('GET', '/me', { token: 'x' }), 401, 'invalid_token')
    const json = { name: 'Mallory', password }
    assertRefused(await call('PATCH', '/me', { json }), 401, 'missing_token')
    assertRefused(await call('DELETE', '/me', { json }), 401, 'missing_token')
  })

  it('gives the account another name, which followers learn', async (t) => {
    const { call, register, logIn, changes } = await startAccounts(t)
    const { id } = await register()
    const token = await logIn()

    const { status, body } = await call('PATCH', '/me', { token, json: { name: 'Anna' } })

    assert.deepEqual([status, body.name], [200, 'Anna'])
    assert.equal((await call('GET', '/me', { token })).body.name, 'Anna')
    const told = changes.map(({ type, userId, name }) => ({ type, userId, name }))
    assert.deepEqual(told, [
      { type: 'registered', userId: id, name: 'Ann' },
      { type: 'renamed', userId: id, name: 'Anna' },
    ])
  })

  it('tells nobody of a name that is the one there is', async (t) => {
    const { call, register, logIn, changes } = await startAccounts(t)
    await register()

    const answer = await call('PATCH', '/me', { token: await logIn(), json: { name: 'Ann' } })

    assert.equal(answer.status, 200)
    assert.equal(changes.length, 1)
  })

  it('refuses a name that nobody could show, and changes nothing', async (t) => {
    const { call, register, logIn, changes } = await startAccounts(t)
    await register()
    const token = await logIn()

    for (const name of ['', ' ', 'a\u0007', 'x'.repeat(201)])
      assertRefused(await call('PATCH', '/me', { token, json: { name } }), 400, 'invalid_request')
    assertRefused(await call('PATCH', '/me', { token, json: {} }), 400, 'invalid_request')

    assert.equal((await call('GET', '/me', { token })).body.name, 'Ann')
    assert.equal(changes.length, 1)
  })

  it('deletes the account for who shows its password, and ends all its sessions', async (t) => {
    const { call, register, logIn, isAlive, changes, events } = await startAccounts(t)
    const { id } = await register()
    const [token, other] = [await logIn(), await logIn()]

    const { status } = await call('DELETE', '/me', { token, json: { password } })

    assert.equal(status, 204)
    assert.deepEqual([await isAlive(token), await isAlive(other)], [false, false])
    await assert.rejects(logIn(), /401/)
    const { type, userId, name } = changes.at(-1) ?? {}
    assert.deepEqual({ type, userId, name }, { type: 'deleted', userId: id, name: undefined })
    assert.equal(events.filter(({ type }) => type === 'account_deleted').length, 1)
    assert.notEqual((await register()).id, id)
  })

  it('deletes nothing for a wrong password', async (t) => {
    const { call, register, logIn, events, changes } = await startAccounts(t)
    await register()
    const token = await logIn()

    const answer = await call('DELETE', '/me', { token, json: { password: 'wrong' } })

    assertRefused(answer, 401, 'invalid_credentials')
    assert.equal((await call('GET', '/me', { token })).status, 200)
    assert.deepEqual([events.at(-1)?.type, changes.length], ['password_check_failed', 1])
  })

  it('lets nobody try passwords for ever', async (t) => {
    const { call, register, logIn } = await startAccounts(t)
    await register()
    const token = await logIn()
    for (let tries = 0; tries < 20; tries++)
      await call('DELETE', '/me', { token, json: { password: 'wrong' } })

    const answer = await call('DELETE', '/me', { token, json: ann })

    assertRefused(answer, 429, 'too_many_requests')
    assert.equal(answer.headers.get('retry-after'), '900')
    assert.equal((await call('GET', '/me', { token })).status, 200)
  })

  it('is nothing for a session whose account is disabled or gone', async (t) => {
    const { call, register, logIn, users, core } = await startAccounts(t)
    const { id } = await register()
    const token = await logIn()
    assert.equal(core.accountBacking.kind, 'memory')
    const user = await users.findById(id)
    assert.ok(user !== undefined && core.accountBacking.kind === 'memory')

    core.accountBacking.users.put({ ...user, isDisabled: true })
    const disabled = await call('GET', '/me', { token })
    core.accountBacking.users.remove(id)
    const gone = await call('GET', '/me', { token })

    assertRefused(disabled, 401, 'invalid_token')
    assertRefused(gone, 401, 'invalid_token')
  })
})
