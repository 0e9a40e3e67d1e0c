import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { bearer, post } from '../../kit/auth-calls.ts'
import { serviceTokenOf } from '../../kit/servers.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { type AccountsOptions, ann, startAccounts } from './accounts-kit.ts'
import { administer, assertOneIsLeft, makeAdministrator } from './administer.ts'
import { unavailableTokens } from './unavailable-tokens.ts'

async function start(t: TestContext, options: AccountsOptions = {}) {
  const auth = await startAccounts(t, options)
  const administering = await administer(auth.core)
  auth.changes.length = 0
  const { id } = await auth.register()
  const scopeOf = async (token: string) => {
    const authorization = bearer(await serviceTokenOf(auth.url))
    const { body } = await post(`${auth.url}/validateToken`, { authorization, json: { token } })
    return body.scope
  }
  return { ...auth, ...administering, id, scopeOf }
}

describe('what an administrator does with accounts', () => {
  it('is refused to who is no administrator by then, and changes nothing', async (t) => {
    const { accounts, act, id, user, changes } = await start(t)
    const other = await makeAdministrator(accounts, 'other@example.com')
    const disabled = await makeAdministrator(accounts, 'disabled@example.com')
    await accounts.setRoles(other, ['writer', 'constructor'], act)
    await accounts.setDisabled(disabled, true, act)
    changes.length = 0
    const made = () => assert.fail('nothing is made')

    for (const by of [user.id, other, disabled, 'nobody']) {
      const refused = { code: 'invalid_token' }
      await assert.rejects(accounts.setDisabled(id, true, { by, made }), refused)
      await assert.rejects(accounts.setRoles(id, ['root'], { by, made }), refused)
    }

    const { isDisabled, roles } = (await accounts.find(id)) ?? {}
    assert.deepEqual([isDisabled, roles, changes], [false, [], []])
  })

  it('is told once it is made, also where the sessions cannot end yet', async (t) => {
    const { tokens, clock, setDown } = unavailableTokens()
    const { accounts, act, id } = await start(t, { tokens, clock })
    const told: string[] = []
    const telling = (what: string) => ({ by: act.by, made: () => void told.push(what) })
    setDown(true)

    await assertUnavailable(accounts.setRoles(id, ['writer'], telling('roles')))
    await assertUnavailable(accounts.setDisabled(id, true, telling('disabled')))
    await accounts.setDisabled('nobody', true, telling('nobody'))

    assert.deepEqual(told, ['roles', 'disabled'])
  })

  it('leaves one of two administrators who disable each other, or take their roles, 16 times', async (t) => {
    const { accounts } = await start(t)

    await assertOneIsLeft(accounts)
  })

  it('finds them, and lists them in the order of their ids', async (t) => {
    const { accounts, id, user, act } = await start(t)

    const found = await accounts.find(id)
    const all = await accounts.list({ limit: 10 })
    const rest = await accounts.list({ after: all[0]?.id ?? '', limit: 10 })

    assert.deepEqual([found?.username, found?.isVerified, found?.roles], [ann.username, false, []])
    assert.deepEqual(all.map((one) => one.id).sort(), [id, user.id, act.by].sort())
    assert.deepEqual(rest, all.slice(1))
    assert.equal(await accounts.find('nobody'), undefined)
  })

  it('disables an account, which ends its sessions and its logins, and enables it again', async (t) => {
    const { accounts, act, id, logIn, isAlive, changes } = await start(t)
    const token = await logIn()

    assert.equal(await accounts.setDisabled(id, true, act), true)

    assert.equal(await isAlive(token), false)
    await assert.rejects(logIn(), /401/)
    assert.equal(await accounts.setDisabled(id, false, act), true)
    assert.equal(await isAlive(await logIn()), true)
    assert.deepEqual(
      changes.slice(1).map(({ type }) => type),
      ['disabled', 'enabled'],
    )
  })

  it('gives roles, which say what the next session may do, and ends those before', async (t) => {
    const { accounts, act, id, logIn, isAlive, scopeOf } = await start(t)
    const before = await logIn()

    const roles = ['administrator', 'writer', 'unheard of']
    assert.equal(await accounts.setRoles(id, roles, act), true)

    assert.equal(await isAlive(before), false)
    assert.equal(await scopeOf(await logIn()), 'accounts:admin posts:write')
  })

  it('ends sessions, and changes nothing else', async (t) => {
    const { accounts, id, logIn, isAlive, changes } = await start(t)
    const token = await logIn()

    assert.equal(await accounts.endSessions(id), true)

    assert.equal(await isAlive(token), false)
    assert.equal(await isAlive(await logIn()), true)
    assert.equal(changes.length, 1)
  })

  it('does nothing with an account that there is not', async (t) => {
    const { accounts, act, changes } = await start(t)

    const outcomes = [
      await accounts.setDisabled('nobody', true, act),
      await accounts.setRoles('nobody', ['administrator'], act),
      await accounts.endSessions('nobody'),
    ]

    assert.deepEqual(outcomes, [false, false, false])
    assert.equal(changes.length, 1)
  })

  it('makes sure that there is an account with roles, however often', async (t) => {
    const { accounts, logIn, scopeOf } = await start(t)
    const wanted = { ...ann, username: 'Ada@example.com', roles: ['administrator'] }

    const made: string[] = []
    const note = (one: string) => void made.push(one)

    const id = await accounts.ensure(wanted, note)
    const again = await accounts.ensure({ ...wanted, roles: ['writer'] }, note)
    const same = await accounts.ensure({ ...wanted, roles: ['writer'] }, note)

    assert.deepEqual([again, same], [id, id])
    assert.deepEqual(made, [id, id], 'nothing was changed the third time')
    const { isVerified, roles } = (await accounts.find(id)) ?? {}
    assert.deepEqual([isVerified, roles], [true, ['administrator', 'writer']])
    const token = await logIn({ ...ann, username: 'ada@example.com' })
    assert.match(String(await scopeOf(token)), /posts:write/)
  })

  it('gives no role to an account that is not shown to be theirs who ask for it', async (t) => {
    const { accounts, act, id } = await start(t)
    const wanted = { ...ann, roles: ['administrator'] }
    const rejects = (one: typeof wanted) =>
      assert.rejects(accounts.ensure(one), { code: 'conflict' })

    await rejects(wanted) // nobody has shown that the address is theirs
    await accounts.setDisabled(id, true, act)
    await rejects(wanted)
    const ada = { ...wanted, username: 'ada@example.com' }
    const made = await accounts.ensure({ ...ada, roles: [] })
    await rejects({ ...ada, password: 'another long password' })

    assert.deepEqual((await accounts.find(id))?.roles, [])
    assert.deepEqual((await accounts.find(made))?.roles, [])
  })

  it('makes no administrator whose password may not be', async (t) => {
    const { accounts, users, changes } = await start(t)
    const wanted = { ...ann, username: 'ada@example.com', password: 'password123' }

    await assert.rejects(accounts.ensure({ ...wanted, roles: ['administrator'] }), {
      code: 'invalid_request',
    })

    assert.equal(await users.findByUsername(wanted.username), undefined)
    assert.equal(changes.length, 1)
  })

  it('makes sure of one account where several ask at once', async (t) => {
    const { accounts } = await start(t)
    const wanted = { ...ann, username: 'ada@example.com', roles: ['administrator'] }

    const outcomes = await Promise.allSettled([accounts.ensure(wanted), accounts.ensure(wanted)])

    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    assert.equal((await accounts.list({ limit: 9 })).length, 4)
  })

  it('lets one of many who change an account at once after the other', async (t) => {
    const { accounts, act, id } = await start(t)

    const outcomes = await Promise.all(
      Array.from({ length: 16 }, (_, index) => accounts.setRoles(id, [`role ${index}`], act)),
    )

    assert.equal(
      outcomes.every((isDone) => isDone),
      true,
    )
  })
})
