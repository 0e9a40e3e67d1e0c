import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ann, assertRefused, password, startAccounts } from './accounts-kit.ts'
import { administer } from './administer.ts'

const next = 'anna@example.org'
const right = { username: next, password }
const changeUsername = 'accounts/change-username'

describe('another address for an account', () => {
  it('is asked for with the password, verified at the new one and told to the old one', async (t) => {
    const { call, register, logIn, isAlive, mails, mailed, addressOf, changes, looks } =
      await startAccounts(t)
    const { id } = await register()
    const token = await logIn()

    const asked = await call('POST', '/me/username', { token, json: right })
    const addresses = await Promise.all(mails.map(addressOf))
    const code = await mailed(changeUsername, id)
    const finished = await call('POST', '/me/username/finish', { json: { token: code } })

    assert.deepEqual([asked.status, finished.status, looks()], [202, 204, 2])
    const sent = mails.slice(0, 2).map(({ template }, index) => [template, addresses[index]])
    assert.deepEqual(sent, [
      [changeUsername, next],
      ['accounts/username-asked', ann.username],
    ])
    // Who asked may be a thief: also what is sent after the change goes to the old one.
    const late = mails.map(({ template }) => template)
    assert.deepEqual(late.slice(1), ['accounts/username-asked', 'accounts/username-changed'])
    const told = await Promise.all(mails.slice(1).map(addressOf))
    assert.deepEqual(told, [ann.username, ann.username])
    assert.equal(await isAlive(token), false)
    await assert.rejects(logIn(), /401/)
    const fresh = await logIn({ ...ann, username: next })
    const { body } = await call('GET', '/me', { token: fresh })
    assert.deepEqual([body.username, body.verified, body.id], [next, true, id])
    assert.equal(changes.at(-1)?.type, 'username_changed')
  })

  it('is not given for a token that went to another one', async (t) => {
    const { call, register, logIn, mailed, changes } = await startAccounts(t)
    const { id } = await register()
    await register({ ...ann, username: 'taken@example.com' })
    const token = await logIn()
    const finish = (code: string) => call('POST', '/me/username/finish', { json: { token: code } })
    const ask = (username: string) =>
      call('POST', '/me/username', { token, json: { ...right, username } })
    await ask('own@example.com')
    const [first, second] = [await mailed(changeUsername, id), await mailed(changeUsername, id)]

    await ask('free@example.com')
    const free = await finish(first)
    await ask('taken@example.com')
    const taken = await finish(second)

    assertRefused(free, 400, 'invalid_grant')
    assert.deepEqual([taken.status, taken.body.error], [free.status, free.body.error])
    assert.equal(changes.filter(({ type }) => type === 'username_changed').length, 0)
  })

  it('is not given when the password was changed since it was asked for', async (t) => {
    const { call, register, logIn, mailed, addressOf } = await startAccounts(t)
    const { id } = await register()
    await call('POST', '/me/username', { token: await logIn(), json: right })
    const json = { current_password: right.password, new_password: 'another long password' }

    await call('POST', '/me/password', { token: await logIn(), json })
    const code = await mailed(changeUsername, id)
    const finished = await call('POST', '/me/username/finish', { json: { token: code } })

    assertRefused(finished, 400, 'invalid_grant')
    assert.equal(await addressOf({ template: changeUsername, sub: id }), undefined)
  })

  it('is nothing before the token comes back', async (t) => {
    const { call, register, logIn, isAlive, changes } = await startAccounts(t)
    await register()
    const token = await logIn()

    await call('POST', '/me/username', { token, json: right })

    assert.equal(await isAlive(token), true)
    await assert.rejects(logIn({ ...ann, username: next }), /401/)
    assert.equal(changes.length, 1)
  })

  it('is not asked for with a wrong password, without a session, or for what is no other address', async (t) => {
    const { call, register, logIn, mails } = await startAccounts(t)
    await register()
    const token = await logIn()
    const ask = (json: unknown, by = token) => call('POST', '/me/username', { token: by, json })

    assertRefused(await ask({ ...right, password: 'wrong' }), 401, 'invalid_credentials')
    assertRefused(await ask(right, 'x'), 401, 'invalid_token')
    assertRefused(await ask({ ...right, username: 'no address' }), 400, 'invalid_request')
    assertRefused(await ask({ ...right, username: 'ANN@example.com' }), 400, 'invalid_request')

    assert.equal(mails.length, 0)
  })

  it('answers the same where the new one has an account, and tells that one alone', async (t) => {
    const { call, register, logIn, mails, mailed } = await startAccounts(t)
    const { id } = await register()
    const owner = await register({ ...ann, username: next })
    const token = await logIn()

    const { status } = await call('POST', '/me/username', { token, json: right })

    assert.equal(status, 202)
    assert.deepEqual(mails[0], { template: 'accounts/already-registered', sub: owner.id })
    const json = { token: await mailed(changeUsername, id) }
    assertRefused(await call('POST', '/me/username/finish', { json }), 409, 'conflict')
    await assert.doesNotReject(logIn())
    await assert.doesNotReject(logIn({ ...ann, username: next }))
  })

  it('is given to one of 16 who bring the token at once', async (t) => {
    const { call, register, logIn, mailed, changes } = await startAccounts(t)
    const { id } = await register()
    await call('POST', '/me/username', { token: await logIn(), json: right })
    const json = { token: await mailed(changeUsername, id) }

    const answers = await Promise.all(
      Array.from({ length: 16 }, () => call('POST', '/me/username/finish', { json })),
    )

    assert.equal(answers.filter(({ status }) => status === 204).length, 1)
    assert.equal(answers.filter(({ body }) => body.error === 'invalid_grant').length, 15)
    assert.equal(changes.filter(({ type }) => type === 'username_changed').length, 1)
  })

  it('is not given for what is no token of this purpose, nor after the account went', async (t) => {
    const { call, register, logIn, mailed, mintClaimless } = await start(t)
    const { id } = await register()
    const token = await logIn()
    await call('POST', '/me/username', { token, json: right })
    const finish = (code: string) => call('POST', '/me/username/finish', { json: { token: code } })
    const code = await mailed(changeUsername, id)

    assertRefused(await finish('x'), 400, 'invalid_grant')
    assertRefused(await finish(token), 400, 'invalid_grant')
    assertRefused(await finish(await mailed('accounts/reset', id)), 400, 'invalid_grant')
    assertRefused(await finish(await mintClaimless()), 400, 'invalid_grant')
    await call('DELETE', '/me', { token, json: { password } })
    assertRefused(await finish(code), 400, 'invalid_grant')
    assertRefused(await finish(await mailed(changeUsername, id)), 400, 'invalid_grant')
  })

  it('is not given to a disabled account', async (t) => {
    const { call, register, logIn, mailed, core, users } = await startAccounts(t)
    const { id } = await register()
    await call('POST', '/me/username', { token: await logIn(), json: right })
    const { accounts, act } = await administer(core)
    await accounts.setDisabled(id, true, act)
    const json = { token: await mailed(changeUsername, id) }

    const answer = await call('POST', '/me/username/finish', { json })

    assertRefused(answer, 400, 'invalid_grant')
    assert.equal((await users.findById(id))?.username, ann.username)
  })

  it('is asked for five times an hour for one address', async (t) => {
    const { call, register, logIn, mails } = await startAccounts(t)
    await register()
    const token = await logIn()
    for (let times = 0; times < 5; times++)
      await call('POST', '/me/username', { token, json: right })

    const answer = await call('POST', '/me/username', { token, json: right })

    assertRefused(answer, 429, 'too_many_requests')
    assert.equal(answer.headers.get('retry-after'), '3600')
    assert.equal(mails.length, 10)
  })

  it('is a 503 where nobody sends mail', async (t) => {
    const { call, register, logIn } = await startAccounts(t, { hasOutbox: false })
    await register()

    const answer = await call('POST', '/me/username', { token: await logIn(), json: right })

    assertRefused(answer, 503, 'temporarily_unavailable')
  })
})

async function start(t: Parameters<typeof startAccounts>[0]) {
  const auth = await startAccounts(t)
  return { ...auth, mintClaimless: () => auth.mailed(changeUsername, 'somebody without a claim') }
}
