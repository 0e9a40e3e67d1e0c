import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { databaseName } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { startProxy } from '../../kit/tcp-proxy.ts'
import { assertUnavailable } from '../contract.ts'
import { isAlive, issue, newToken, service, session, verifyEmail } from '../token-store-kit.ts'
import { newUser, passwordHash } from '../user-store-kit.ts'
import { openTokens, openUsers, sharePostgres } from './open-stores.ts'

describe('the stores of Postgres, through a network', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()

  /** Each of the three pools has a connection. */
  async function open(t: TestContext) {
    const proxy = await startProxy(t, { port: server().postgres.port })
    const url = proxy.through(server().auth)
    const [store, users] = [await openTokens(t, url), await openUsers(t, url)]
    await store.ping()
    await users.ping()
    return { proxy, store, users }
  }

  it('ask about a list of 256 tokens in one round trip', async (t) => {
    const { proxy, store } = await open(t)
    const tokens = Array.from({ length: 256 }, () => newToken())
    for (const token of tokens) await store.issue(token)
    const keys = tokens.map(({ key }) => key)
    proxy.reset()

    const answers = await store.reinflate(keys, session)

    assert.equal(answers.includes(undefined), false)
    assert.equal(proxy.roundTrips(), 1)
  })

  it('do each other thing in one round trip, too', async (t) => {
    const { proxy, store, users } = await open(t)
    const [one, other] = [newToken(), newToken({ purpose: verifyEmail })]
    const user = newUser()
    const acts = [
      () => store.issue(one),
      () => store.issue(other),
      () => store.peek(one.key, session),
      () => store.take(other.key, verifyEmail),
      () => store.revokeSubject(one.sub, [session, service]),
      () => store.marks(one.sub, [session, service]),
      () => store.revoke(one.key, session),
      () => users.create(user),
      () => users.findByUsername(user.username),
      () => users.findById(user.id),
      () => users.replacePasswordHash(user.id, user.passwordHash, passwordHash('next')),
    ]

    const trips: number[] = []
    for (const act of acts) {
      proxy.reset()
      await act()
      trips.push(proxy.roundTrips())
    }

    assert.deepEqual(
      trips,
      acts.map(() => 1),
    )
  })

  it('let nobody wait for long where nothing comes back', async (t) => {
    const { proxy, store, users } = await open(t)
    const token = newToken()
    const code = await issue(store, { purpose: verifyEmail })
    const user = newUser()
    proxy.pause()
    const startedAt = Date.now()

    await Promise.all(
      [
        store.issue(token),
        store.reinflate([token.key], session),
        store.peek(token.key, session),
        store.take(code.key, verifyEmail),
        store.revoke(token.key, session),
        store.revokeSubject(token.sub, [session]),
        store.marks(token.sub, [session]),
        store.ping(),
        users.create(user),
        users.findByUsername(user.username),
        users.findById(user.id),
        users.replacePasswordHash(user.id, user.passwordHash, passwordHash('next')),
        users.ping(),
      ].map(assertUnavailable),
    )

    assert.equal(Date.now() - startedAt < 1_500, true)
    proxy.resume()
    assert.equal(await isAlive(store, await issue(store)), true)
    assert.equal(await users.create(newUser()), true)
  })

  it('ask once more, over another connection, where the first one broke', async (t) => {
    const { proxy, store, users } = await open(t)
    const user = newUser()
    await users.create(user)
    const { key, sub } = await issue(store)
    proxy.pause()
    const calls = [
      store.reinflate([key], session),
      store.peek(key, session),
      users.findById(user.id),
      users.findByUsername(user.username),
      store.marks(sub, [session]),
    ] as const
    await waitUntil(() => proxy.connections() === 5)

    proxy.cut()
    proxy.resume()

    const [[reinflated], peeked, byId, byUsername, marks] = await Promise.all(calls)
    assert.equal(reinflated?.refreshCount, 1)
    assert.notEqual(peeked, undefined)
    assert.deepEqual([byId, byUsername], [user, user])
    assert.deepEqual(marks, new Map())
  })

  it('do not ask once more for what must be done once, and say that it may not be done', async (t) => {
    const { proxy, store, users } = await open(t)
    const code = await issue(store, { purpose: verifyEmail })
    const other = await issue(store)
    const user = newUser()
    proxy.pause()
    const calls = [
      store.take(code.key, verifyEmail),
      store.revoke(other.key, session),
      store.issue(newToken()),
      users.create(user),
    ].map(assertUnavailable)
    await waitUntil(() => proxy.connections() === 5)

    proxy.cut()
    proxy.resume()

    await Promise.all(calls)
    assert.equal(await isAlive(store, code, verifyEmail), true)
    assert.equal(await isAlive(store, other), true)
    assert.equal(await users.findById(user.id), undefined)
  })

  it('say that nothing can be done while nobody is there, and go on when somebody is', async (t) => {
    const { proxy, store, users } = await open(t)
    const issued = await issue(store)
    await proxy.refuse(true)
    proxy.cut()

    await Promise.all(
      [
        store.reinflate([issued.key], session),
        store.revoke(issued.key, session),
        store.ping(),
        users.findById(''),
      ].map(assertUnavailable),
    )

    await proxy.refuse(false)
    assert.equal(await isAlive(store, issued), true)
    assert.equal(await users.findById(''), undefined)
  })

  it('close while nothing comes back, and what was asked is then answered', async (t) => {
    const { proxy, store } = await open(t)
    const { key } = await issue(store)
    proxy.pause()
    const asked = assertUnavailable(store.reinflate([key], session))
    const startedAt = Date.now()

    await store.close()

    assert.equal(Date.now() - startedAt < 1_500, true)
    await asked
    await assertUnavailable(store.ping())
  })

  it('give all connections back, however often a statement fails', async (t) => {
    const { store } = await open(t)
    const { key } = await issue(store)
    const { postgres } = server()
    const psql = (sql: string) => postgres.psql(sql, databaseName)
    await psql('revoke all on auth.sessions from sallyport_auth')
    for (let index = 0; index < 20; index++) {
      await assertUnavailable(store.reinflate([key], session))
      await assertUnavailable(store.revoke(key, session))
    }

    await psql('grant select, insert, update, delete on auth.sessions to sallyport_auth')

    const calls = Array.from({ length: 20 }, () => store.reinflate([key], session))
    const answers = await Promise.all(calls)
    assert.equal(answers.flat().includes(undefined), false)
    const connections = `select count(*) from pg_stat_activity where application_name = 'sallyport-auth'`
    await waitUntil(async () => Number(await psql(connections)) <= 10)
  })
})
