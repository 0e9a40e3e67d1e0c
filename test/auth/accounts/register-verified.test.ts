import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { ann, assertRefused, password, startAccounts } from './accounts-kit.ts'

const verify = 'accounts/verify'
const { username } = ann

async function start(t: TestContext) {
  const auth = await startAccounts(t, { environment: { REGISTRATION: 'verified' } })
  const { call, mails, mailed } = auth
  const ask = (address = username) => call('POST', '/register', { json: { username: address } })
  const finish = (token: string, fields = {}) =>
    call('POST', '/register/finish', { json: { token, name: 'Ann', password, ...fields } })
  /** Asks, and gives the token that the mail brings. */
  const askFor = async (address = username) => {
    await ask(address)
    return await mailed(verify, mails.at(-1)?.sub ?? '')
  }
  return { ...auth, ask, finish, askFor }
}

describe('a registration whose address is verified first', () => {
  it('makes an account once the token comes back from there, and not before', async (t) => {
    const { ask, finish, mails, mailed, addressOf, logIn, call, users, looks } = await start(t)

    const asked = await ask('Ann@Example.com')
    const [request = { template: '', sub: '' }] = mails
    const before = await users.findByUsername(username)
    const { status, body } = await finish(await mailed(verify, request.sub))

    assert.deepEqual([asked.status, status, looks()], [202, 201, 1])
    assert.equal(before, undefined)
    assert.equal(request.template, verify)
    assert.deepEqual([body.id, body.username, body.verified], [request.sub, username, true])
    assert.equal((await call('GET', '/me', { token: await logIn() })).body.id, request.sub)
    assert.equal(await addressOf(request), undefined)
  })

  it('sends the mail to the address that was asked for', async (t) => {
    const { ask, mails, addressOf } = await start(t)

    await ask('Ann@Example.com')

    assert.deepEqual(await Promise.all(mails.map(addressOf)), [username])
  })

  it('tells an address that has an account so, by mail alone', async (t) => {
    const { ask, askFor, finish, mails, addressOf } = await start(t)
    const { body } = await finish(await askFor())

    const { status } = await ask()

    assert.equal(status, 202)
    const told = mails.at(-1)
    assert.deepEqual(told, { template: 'accounts/already-registered', sub: body.id })
    assert.equal(told && (await addressOf(told)), username)
  })

  it('takes a token of 16 who bring it at once from one', async (t) => {
    const { askFor, finish, changes } = await start(t)
    const token = await askFor()

    const answers = await Promise.all(Array.from({ length: 16 }, () => finish(token)))

    assert.equal(answers.filter(({ status }) => status === 201).length, 1)
    assert.equal(answers.filter(({ body }) => body.error === 'invalid_grant').length, 15)
    assert.equal(changes.length, 1)
  })

  it('is one and the same where an address is asked for again', async (t) => {
    const { ask, askFor, finish, mails, changes } = await start(t)
    await ask()
    await ask('Ann@Example.com')
    await ask('bob@example.com')
    const token = await askFor()

    const { status } = await finish(token)

    const [first, second, other, last] = mails
    assert.deepEqual([second, last], [first, first])
    assert.notEqual(other?.sub, first?.sub)
    assert.deepEqual([status, changes.length], [201, 1])
  })

  it('is another one once the account that came of it is gone', async (t) => {
    const { askFor, finish, logIn, call } = await start(t)
    const { body: before } = await finish(await askFor())
    await call('DELETE', '/me', { token: await logIn(), json: { password } })

    const { status, body } = await finish(await askFor())

    assert.equal(status, 201)
    assert.notEqual(body.id, before.id)
  })

  it('of an address that has got an account otherwise meanwhile makes no second one', async (t) => {
    const { askFor, finish, core, changes } = await start(t)
    const token = await askFor()
    await core.accounts()?.ensure({ ...ann, roles: [] })

    assertRefused(await finish(token), 409, 'conflict')

    assert.equal(changes.length, 1)
  })

  it('costs no token where the password or the name may not be', async (t) => {
    const { askFor, finish } = await start(t)
    const token = await askFor()

    assertRefused(await finish(token, { password: 'sevenup' }), 400, 'invalid_request')
    assertRefused(await finish(token, { password: `x ${username}` }), 400, 'invalid_request')
    assertRefused(await finish(token, { name: '' }), 400, 'invalid_request')

    assert.equal((await finish(token)).status, 201)
  })

  it('is nothing for what is no token of this purpose, or has no address any more', async (t) => {
    const { askFor, finish, mails, mailed, users } = await start(t)
    await askFor()
    const sub = mails.at(-1)?.sub ?? ''

    assertRefused(await finish('x'), 400, 'invalid_grant')
    assertRefused(await finish(await mailed('accounts/reset', sub)), 400, 'invalid_grant')
    assertRefused(await finish(await mailed(verify, 'nobody')), 400, 'invalid_grant')

    assert.equal(await users.findByUsername(username), undefined)
  })

  it('refuses what is no address, and mails nobody', async (t) => {
    const { ask, mails } = await start(t)

    assertRefused(await ask('ann'), 400, 'invalid_request')

    assert.equal(mails.length, 0)
  })

  it('mails one address five times an hour, and answers the same', async (t) => {
    const { ask, mails } = await start(t)

    const answers = await Promise.all(Array.from({ length: 7 }, () => ask()))

    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [202])
    assert.equal(mails.length, 5)
  })

  it('is mailed to 500 addresses an hour for all the networks of one site', async (t) => {
    const environment = { REGISTRATION: 'verified' }
    const { url, mails } = await startAccounts(t, { environment, trustedProxyHops: 1 })
    const askFrom = async (source: string, index: number) => {
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': source }
      const body = JSON.stringify({ username: `${index}@example.com` })
      return (await fetch(`${url}/register`, { method: 'POST', headers, body })).status
    }

    const statuses = new Set<number>()
    for (let index = 0; index < 520; index++)
      statuses.add(await askFrom(`2001:db8:1:${index}::1`, index))

    assert.deepEqual([...statuses], [202])
    assert.equal(mails.length, 500)
    await askFrom('2001:db8:2::1', 0)
    assert.equal(mails.length, 501)
  })

  it('is a 503 where nobody sends mail', async (t) => {
    const environment = { REGISTRATION: 'verified' }
    const { call } = await startAccounts(t, { environment, hasOutbox: false })

    const answer = await call('POST', '/register', { json: { username } })

    assertRefused(answer, 503, 'temporarily_unavailable')
  })
})
