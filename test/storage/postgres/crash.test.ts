import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, it, type TestContext } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { isAlive, issue, markOf, service, session, verifyEmail } from '../token-store-kit.ts'
import { newUser } from '../user-store-kit.ts'
import { openTokens, openUsers } from './open-stores.ts'
import { shareUnmigrated } from './unmigrated.ts'

describe('a crash of Postgres', { skip: skipUnless('postgres') }, () => {
  const { server, psql, runMigrate, forget } = shareUnmigrated({ fsync: true })
  beforeEach(forget)

  it('takes no session and nothing else where sessions are logged', async (t) => {
    await runMigrate()
    const { store, filed, findAll } = await fileOneOfEach(t)

    await crash(store)

    assert.deepEqual(await findAll(), { ...filed, session: true })
  })

  it('takes the sessions and nothing else where those alone are unlogged', async (t) => {
    await runMigrate({ POSTGRES_UNLOGGED_SESSIONS: 'true' })
    const { store, filed, findAll } = await fileOneOfEach(t)

    await crash(store)

    assert.deepEqual(await findAll(), { ...filed, session: false })
  })

  it('leaves stores that file new sessions as soon as it runs again', async (t) => {
    await runMigrate({ POSTGRES_UNLOGGED_SESSIONS: 'true' })
    const { store } = await fileOneOfEach(t)

    await crash(store)

    assert.equal(await isAlive(store, await issue(store)), true)
  })

  async function crash(store: { ping: () => Promise<void> }) {
    const { postgres } = server()
    await postgres.stop('SIGQUIT')
    await postgres.restart()
    assert.match(postgres.output(), /was not properly shut down; automatic recovery in progress/)
    await waitUntil(() =>
      store.ping().then(
        () => true,
        () => false,
      ),
    )
  }

  /** And finds them again: each `true`, or what it was. */
  async function fileOneOfEach(t: TestContext) {
    const store = await openTokens(t, server().auth)
    const users = await openUsers(t, server().auth)
    const user = newUser()
    await users.create(user)
    const sub = randomUUID()
    await store.revokeSubject(sub, [session])
    const mark = await markOf(store, sub, session)
    const sliding = await issue(store)
    const fixed = await issue(store, { purpose: service })
    const singleUse = await issue(store, { purpose: verifyEmail })
    const findAll = async () => ({
      session: await isAlive(store, sliding),
      service: await isAlive(store, fixed, service),
      singleUse: await isAlive(store, singleUse, verifyEmail),
      mark: await markOf(store, sub, session),
      user: await users.findById(user.id),
    })
    return { store, filed: { service: true, singleUse: true, mark, user }, findAll }
  }

  describe('and the choice of what it may take', () => {
    it('is said when it changes, and only then', async () => {
      await runMigrate()

      const outputs = [
        (await runMigrate({ POSTGRES_UNLOGGED_SESSIONS: 'true' })).output,
        (await runMigrate({ POSTGRES_UNLOGGED_SESSIONS: 'true' })).output,
        (await runMigrate({ POSTGRES_UNLOGGED_SESSIONS: 'false' })).output,
        (await runMigrate()).output,
      ]

      const done = 'The schema is the one that this version needs.\n'
      assert.deepEqual(outputs, [
        `sessions are unlogged now\n${done}`,
        done,
        `sessions are logged now\n${done}`,
        done,
      ])
    })

    it('is that of sessions alone', async () => {
      await runMigrate({ POSTGRES_UNLOGGED_SESSIONS: 'true' })

      const unlogged = await psql(
        `select relname from pg_class where relpersistence = 'u' and relkind = 'r'`,
      )

      assert.equal(unlogged, 'sessions')
    })

    it('leaves the sessions that there are alive', async (t) => {
      await runMigrate()
      const store = await openTokens(t, server().auth)
      const issued = await issue(store)

      await runMigrate({ POSTGRES_UNLOGGED_SESSIONS: 'true' })
      const isAliveUnlogged = await isAlive(store, issued)
      await runMigrate({ POSTGRES_UNLOGGED_SESSIONS: 'false' })

      assert.equal(isAliveUnlogged, true)
      assert.equal(await isAlive(store, issued), true)
    })
  })
})
