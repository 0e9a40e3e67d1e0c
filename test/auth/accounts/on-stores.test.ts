/** What people do with their accounts, on each store that has them. */
import assert from 'node:assert/strict'
import { it, type TestContext } from 'node:test'
import { loginFromNewPlace } from '../../../src/auth/security-events.ts'
import { waitUntil } from '../../kit/processes.ts'
import { describeOnEachStore } from '../../storage/each-store.ts'
import { ann, password, startAccounts } from './accounts-kit.ts'
import { administer, assertOneIsLeft } from './administer.ts'

const chosen = 'another long password'
const callers = Array.from({ length: 16 }, (_, index) => index)

describeOnEachStore('accounts', (stores) => {
  const start = async (t: TestContext, environment = {}) =>
    await startAccounts(t, { ...(await stores.open(t)), environment })

  const wins = (answers: readonly { readonly status: number }[], status: number) =>
    answers.filter((one) => one.status === status).length

  it('are made, renamed, given another password and address, and deleted', async (t) => {
    const { call, register, logIn, isAlive, mailed, changes, addressOf, mails } = await start(t)
    const { id } = await register()
    const token = await logIn()
    const changed = { current_password: password, new_password: chosen }
    const next = { username: 'anna@example.org', password: chosen }

    const renamed = await call('PATCH', '/me', { token, json: { name: 'Anna' } })
    const secured = await call('POST', '/me/password', { token, json: changed })
    const ended = await isAlive(token)
    const second = await logIn({ ...ann, password: chosen })
    await call('POST', '/me/username', { token: second, json: next })
    const asked = mails.find(({ template }) => template === 'accounts/change-username')
    const address = asked && (await addressOf(asked))
    const code = await mailed('accounts/change-username', id)
    const moved = await call('POST', '/me/username/finish', { json: { token: code } })
    const third = await logIn(next)
    const { body } = await call('GET', '/me', { token: third })
    const deleted = await call('DELETE', '/me', { token: third, json: next })

    assert.deepEqual([renamed.body.name, secured.status, ended], ['Anna', 204, false])
    assert.deepEqual([address, moved.status], [next.username, 204])
    assert.deepEqual([body.id, body.username, body.verified], [id, next.username, true])
    assert.deepEqual([deleted.status, await isAlive(third)], [204, false])
    await assert.rejects(logIn(next), /401/)
    assert.deepEqual(
      changes.map(({ type }) => type),
      ['registered', 'renamed', 'password_changed', 'username_changed', 'deleted'],
    )
  })

  it('are made once where 16 ask for one address', async (t) => {
    const { call, users } = await start(t)

    for (const username of ['ann@example.com', 'bob@example.com', 'eve@example.com']) {
      const answers = await Promise.all(
        callers.map(() => call('POST', '/register', { json: { ...ann, username } })),
      )
      assert.equal(wins(answers, 201), 1)
      assert.ok((await users.findByUsername(username)) !== undefined)
    }
  })

  it('are verified once where 16 bring the token', async (t) => {
    const { call, mails, mailed } = await start(t, { REGISTRATION: 'verified' })
    await call('POST', '/register', { json: { username: ann.username } })
    const token = await mailed('accounts/verify', mails[0]?.sub ?? '')
    const json = { token, name: 'Ann', password }

    const answers = await Promise.all(callers.map(() => call('POST', '/register/finish', { json })))

    assert.deepEqual([wins(answers, 201), wins(answers, 400)], [1, 15])
  })

  it('get one new password where 16 bring the token of a reset', async (t) => {
    const { call, register, logIn, mailed } = await start(t)
    const { id } = await register()
    const token = await mailed('accounts/reset', id)

    const answers = await Promise.all(
      callers.map((caller) => {
        const json = { token, password: `a chosen password ${caller}` }
        return call('POST', '/password-reset/finish', { json })
      }),
    )

    const winner = answers.findIndex(({ status }) => status === 204)
    assert.deepEqual([wins(answers, 204), wins(answers, 400)], [1, 15])
    await assert.doesNotReject(logIn({ ...ann, password: `a chosen password ${winner}` }))
  })

  it('have one of two administrators left who disable each other, or take their roles', async (t) => {
    const { core } = await start(t)

    await assertOneIsLeft((await administer(core)).accounts)
  })

  it('are told of a login from a new place', async (t) => {
    const { register, core, mails, looks } = await start(t)
    const { id: sub } = await register()

    const report = { type: loginFromNewPlace, sub, requestId: 'abcdef-0001', source: 'unknown' }
    core.report(report)
    await waitUntil(() => looks() === 1)

    assert.deepEqual(mails, [{ template: 'accounts/new-place', sub }])
  })

  it('ask for resets', async (t) => {
    const { call, mails } = await start(t)

    const { status } = await call('POST', '/password-reset', { json: { username: ann.username } })

    assert.deepEqual([status, mails.length], [202, 1])
  })

  it('leave no session alive that was validated while they were deleted', async (t) => {
    const { call, register, logIn, isAlive } = await start(t)
    for (let round = 0; round < 3; round++) {
      await register()
      const tokens = [await logIn(), await logIn()]
      const [token = ''] = tokens

      const [deleted] = await Promise.all([
        call('DELETE', '/me', { token, json: { password } }),
        ...tokens.flatMap((one) => [isAlive(one), isAlive(one), isAlive(one)]),
      ])

      assert.equal(deleted?.status, 204)
      assert.deepEqual(await Promise.all(tokens.map(isAlive)), [false, false])
    }
  })
})
