import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ann, assertRefused, startAccounts } from './accounts-kit.ts'
import { administer } from './administer.ts'

const chosen = 'another long password'
const reset = 'accounts/reset'

describe('a password reset', () => {
  it('sets a new password for who got the mail, and ends all sessions', async (t) => {
    const { call, register, logIn, isAlive, mails, mailed, addressOf, changes, core } =
      await startAccounts(t)
    const { id } = await register()
    const token = await logIn()

    const asked = await call('POST', '/password-reset', { json: { username: 'Ann@example.com' } })
    const [request] = mails
    const json = { token: await mailed(reset, id), password: chosen }
    const finished = await call('POST', '/password-reset/finish', { json })

    assert.deepEqual([asked.status, finished.status], [202, 204])
    assert.deepEqual(request, { template: reset, sub: id })
    assert.equal(request && (await addressOf(request)), ann.username)
    assert.equal(await isAlive(token), false)
    await assert.rejects(logIn(), /401/)
    assert.equal(await isAlive(await logIn({ ...ann, password: chosen })), true)
    assert.equal(changes.at(-1)?.type, 'password_reset')
    assert.equal((await core.accounts()?.find(id))?.isVerified, true)
    assert.equal(mails.at(-1)?.template, 'accounts/password-changed')
  })

  it('mails nobody who has no account or a disabled one', async (t) => {
    const { call, register, mails, addressOf, core } = await startAccounts(t)
    const { id } = await register()
    const { accounts, act } = await administer(core)
    await accounts.setDisabled(id, true, act)

    await call('POST', '/password-reset', { json: { username: ann.username } })
    await call('POST', '/password-reset', { json: { username: 'nobody@example.com' } })

    assert.deepEqual(await Promise.all(mails.map(addressOf)), [undefined, undefined])
  })

  it('is asked for on behalf of another subject for each address that has no account', async (t) => {
    const { call, mails, users } = await startAccounts(t)
    const ask = (username: string) => call('POST', '/password-reset', { json: { username } })

    for (let index = 0; index < 20; index++) await ask(`${index}@example.com`)
    const [first] = mails
    await ask('0@example.com')

    const subjects = new Set(mails.map(({ sub }) => sub))
    assert.ok(subjects.size > 10, `${subjects.size} of 20`) // a few may meet by chance
    assert.deepEqual(mails.at(-1), first)
    for (const sub of subjects) assert.equal(await users.findById(sub), undefined)
  })

  it('is finished once by 16 who bring the token at once', async (t) => {
    const { call, register, logIn, mailed, changes } = await startAccounts(t)
    const { id } = await register()
    const token = await mailed(reset, id)

    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => {
        const json = { token, password: `a chosen password ${index}` }
        return call('POST', '/password-reset/finish', { json })
      }),
    )

    const winners = answers.flatMap(({ status }, index) => (status === 204 ? [index] : []))
    assert.equal(winners.length, 1)
    await assert.doesNotReject(logIn({ ...ann, password: `a chosen password ${winners[0]}` }))
    assert.equal(changes.filter(({ type }) => type === 'password_reset').length, 1)
  })

  it('costs no token where the password may not be', async (t) => {
    const { call, register, logIn, mailed } = await startAccounts(t)
    const { id } = await register()
    const token = await mailed(reset, id)
    const finish = (password: string) =>
      call('POST', '/password-reset/finish', { json: { token, password } })

    const answer = await finish('ann@example.com')

    assertRefused(answer, 400, 'invalid_request')
    await assert.doesNotReject(logIn())
    assert.equal((await finish(chosen)).status, 204)
  })

  it('is nothing for what is no living token of this purpose', async (t) => {
    const { call, register, logIn, mailed, core } = await startAccounts(t)
    const { id } = await register()
    const finish = (token: string) =>
      call('POST', '/password-reset/finish', { json: { token, password: chosen } })

    assertRefused(await finish('x'), 400, 'invalid_grant')
    assertRefused(await finish(await logIn()), 400, 'invalid_grant')
    assertRefused(await finish(await mailed('accounts/verify', id)), 400, 'invalid_grant')
    assertRefused(await finish(await mailed(reset, 'nobody')), 400, 'invalid_grant')
    const before = await mailed(reset, id)
    const { accounts, act } = await administer(core)
    await accounts.setRoles(id, [], act)
    assertRefused(await finish(before), 400, 'invalid_grant')
    await accounts.setDisabled(id, true, act)
    assertRefused(await finish(await mailed(reset, id)), 400, 'invalid_grant')
    await accounts.setDisabled(id, false, act)
    await assert.doesNotReject(logIn())
  })

  it('is mailed five times an hour for one address, and answered the same', async (t) => {
    const { call, mails } = await startAccounts(t)

    const answers = []
    for (let times = 0; times < 7; times++)
      answers.push(await call('POST', '/password-reset', { json: { username: ann.username } }))

    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [202])
    assert.equal(mails.length, 5)
  })

  it('is a 503 where nobody sends mail', async (t) => {
    const { call } = await startAccounts(t, { hasOutbox: false })

    const answer = await call('POST', '/password-reset', { json: { username: ann.username } })

    assertRefused(answer, 503, 'temporarily_unavailable')
  })
})
