import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ann, assertRefused, startAccounts } from './accounts-kit.ts'

const callers = Array.from({ length: 16 }, (_, index) => index)

describe('POST /register where it is open', () => {
  it('makes an account that can log in, with an id that says when', async (t) => {
    const { call, logIn, isAlive, changes, events } = await startAccounts(t)

    const { status, body } = await call('POST', '/register', {
      json: { ...ann, username: 'Ann@Example.com' },
    })

    assert.equal(status, 201)
    assert.equal(body.username, 'ann@example.com')
    assert.match(String(body.id), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/)
    assert.equal(await isAlive(await logIn()), true)
    assert.deepEqual(
      changes.map(({ type, userId }) => [type, userId]),
      [['registered', body.id]],
    )
    assert.equal(events[0]?.type, 'registered')
  })

  it('refuses an address that is taken, however it is written, and changes nothing', async (t) => {
    const { call, register, logIn, changes } = await startAccounts(t)
    await register()
    const json = { ...ann, username: 'ANN@example.com', password: 'another long password' }

    const answer = await call('POST', '/register', { json })

    assertRefused(answer, 409, 'conflict')
    await assert.doesNotReject(logIn())
    assert.equal(changes.length, 1)
  })

  it('gives one of 16 simultaneous callers the address', async (t) => {
    const { call, changes } = await startAccounts(t)
    const addresses = ['ann@example.com', 'bob@example.com', 'eve@example.com']

    for (const username of addresses) {
      const answers = await Promise.all(
        callers.map((caller) =>
          call('POST', '/register', { json: { ...ann, username, name: `Caller ${caller}` } }),
        ),
      )
      assert.equal(answers.filter(({ status }) => status === 201).length, 1)
    }

    assert.equal(changes.length, 3)
  })

  for (const [what, fields] of [
    ['no address', { username: 'ann' }],
    ['an address with a space', { username: 'a nn@example.com' }],
    ['an address with two hosts', { username: 'ann@example.com@evil.test' }],
    ['an address with a line break', { username: 'ann@example.com\nBcc: eve@evil.test' }],
    ['an address that is too long', { username: `${'a'.repeat(250)}@example.com` }],
    ['an empty name', { name: '' }],
    ['a short password', { password: 'seven77' }],
    ['a common password', { password: 'password123' }],
    ['a password with the address in it', { password: 'my ann@example.com!' }],
    ['a name that is no text', { name: 7 }],
  ] as const)
    it(`refuses ${what}, and makes nothing`, async (t) => {
      const { call, users, changes } = await startAccounts(t)

      const answer = await call('POST', '/register', { json: { ...ann, ...fields } })

      assertRefused(answer, 400, 'invalid_request')
      assert.equal(await users.findByUsername('ann@example.com'), undefined)
      assert.equal(changes.length, 0)
    })

  it('has no second step', async (t) => {
    const { call } = await startAccounts(t)

    assertRefused(await call('POST', '/register/finish', { json: {} }), 404, 'not_found')
  })

  it('is refused when it is asked for too often for one address', async (t) => {
    const { call, register } = await startAccounts(t)
    await register()
    for (let times = 0; times < 4; times++) await call('POST', '/register', { json: ann })

    const answer = await call('POST', '/register', { json: ann })

    assertRefused(answer, 429, 'too_many_requests')
    assert.equal(answer.headers.get('retry-after'), '3600')
  })

  it('is nowhere where it is closed', async (t) => {
    const { call, users } = await startAccounts(t, { environment: { REGISTRATION: 'closed' } })

    assertRefused(await call('POST', '/register', { json: ann }), 404, 'not_found')
    assert.equal(await users.findByUsername(ann.username), undefined)
  })
})
