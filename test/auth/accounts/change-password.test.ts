import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { heldPasswords } from '../../kit/auth-parts.ts'
import { ann, assertRefused, password, startAccounts } from './accounts-kit.ts'
import { unavailableTokens } from './unavailable-tokens.ts'

const chosen = 'another long password'
const right = { current_password: password, new_password: chosen }

describe('POST /me/password', () => {
  it('sets another password, ends all sessions with the one that asks, and tells the user', async (t) => {
    const { call, register, logIn, isAlive, changes, mails, looks, events } = await startAccounts(t)
    const { id } = await register()
    const [token, other] = [await logIn(), await logIn()]

    const { status } = await call('POST', '/me/password', { token, json: right })

    assert.equal(status, 204)
    assert.deepEqual([await isAlive(token), await isAlive(other)], [false, false])
    await assert.rejects(logIn(), /401/)
    assert.equal(await isAlive(await logIn({ ...ann, password: chosen })), true)
    assert.equal(changes.at(-1)?.type, 'password_changed')
    assert.deepEqual(mails, [{ template: 'accounts/password-changed', sub: id }])
    assert.equal(looks(), 1)
    assert.ok(events.some(({ type, sub }) => type === 'password_changed' && sub === id))
  })

  it('changes nothing for who does not know the present one', async (t) => {
    const { call, register, logIn, isAlive, changes, mails } = await startAccounts(t)
    await register()
    const token = await logIn()
    const json = { ...right, current_password: 'wrong' }

    const answer = await call('POST', '/me/password', { token, json })

    assertRefused(answer, 401, 'invalid_credentials')
    assert.equal(await isAlive(token), true)
    await assert.doesNotReject(logIn())
    assert.deepEqual([changes.length, mails.length], [1, 0])
  })

  it('changes nothing where the new one may not be', async (t) => {
    const { call, register, logIn, isAlive, changes } = await startAccounts(t)
    await register()
    const token = await logIn()
    const json = { ...right, new_password: 'sallyport for ever' }

    const answer = await call('POST', '/me/password', { token, json })

    assertRefused(answer, 400, 'invalid_request')
    assert.equal(await isAlive(token), true)
    assert.equal(changes.length, 1)
  })

  it('is refused without a session', async (t) => {
    const { call, register, logIn } = await startAccounts(t)
    await register()

    const answer = await call('POST', '/me/password', { token: 'x', json: right })

    assertRefused(answer, 401, 'invalid_token')
    await assert.doesNotReject(logIn())
  })

  it('is done once where 16 ask with the password that was', async (t) => {
    const { call, register, logIn, changes } = await startAccounts(t)
    await register()
    const tokens = await Promise.all(Array.from({ length: 16 }, () => logIn()))

    const answers = await Promise.all(
      tokens.map((token, index) => {
        const json = { ...right, new_password: `a chosen password ${index}` }
        return call('POST', '/me/password', { token, json })
      }),
    )

    const winners = answers.flatMap(({ status }, index) => (status === 204 ? [index] : []))
    assert.equal(winners.length, 1)
    assert.equal(changes.filter(({ type }) => type === 'password_changed').length, 1)
    await assert.doesNotReject(logIn({ ...ann, password: `a chosen password ${winners[0]}` }))
  })

  it('lets no login in that was checked against the password before', async (t) => {
    const held = heldPasswords()
    const first = await startAccounts(t)
    await first.register()
    const { users, tokens } = first
    const { accountBacking } = first.core
    const late = await startAccounts(t, {
      users,
      tokens,
      accountBacking,
      passwords: held.passwords,
    })
    const login = assert.rejects(late.logIn(), /401/)
    await held.checked

    const token = await first.logIn()
    const { status } = await first.call('POST', '/me/password', { token, json: right })
    held.release()

    assert.equal(status, 204)
    await login
  })

  it('says that the change is made where the sessions cannot be ended yet, and ends them as soon as that can be', async (t) => {
    const { tokens, clock, setDown, tick } = unavailableTokens()
    const { call, register, logIn, isAlive, log, events } = await startAccounts(t, {
      tokens,
      clock,
    })
    await register()
    const [token, other] = [await logIn(), await logIn()]
    setDown(true)

    const answer = await call('POST', '/me/password', { token, json: right })

    assertRefused(answer, 503, 'temporarily_unavailable')
    assert.match(String(answer.body.error_description), /The change is made\. All sessions end/)
    assert.equal(events.filter(({ type }) => type === 'password_changed').length, 1)
    assert.equal(await isAlive(other), true)
    await tick()
    assert.equal(log.find('sessions wait to be ended').length, 1)
    setDown(false)
    await tick()
    assert.deepEqual([await isAlive(token), await isAlive(other)], [false, false])
    const fresh = await logIn({ ...ann, password: chosen })
    await tick()
    assert.equal(await isAlive(fresh), true)
  })
})
