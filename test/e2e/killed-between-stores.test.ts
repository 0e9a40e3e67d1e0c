/** auth is killed when a change is made in Postgres, and nothing has yet told Redis of the sessions that it ends. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type Answer, callAt } from '../kit/auth-calls.ts'
import { connectClient } from '../kit/database-client.ts'
import { postLogin } from '../kit/demo.ts'
import { skipUnless } from '../kit/installed.ts'
import { aliveAt, allHeld, logInTwice, register, somebody } from '../kit/people.ts'
import { startAuth, waitUntil } from '../kit/processes.ts'
import { startProvisioned } from '../kit/provisioned.ts'
import { startRedis } from '../kit/redis.ts'
import { logIn } from '../kit/servers.ts'
import { share } from '../kit/shared-servers.ts'
import { startProxy } from '../kit/tcp-proxy.ts'
import { recordSecret } from '../kit/used-secrets.ts'

const chosen = recordSecret('a password chosen just before')

describe('auth, killed between a change in Postgres and the end of the sessions in Redis', {
  skip: skipUnless('redis-server', 'postgres'),
  timeout: 240_000,
}, () => {
  const shared = share(async (t) => {
    const { auth: ACCOUNT_STORE, owner } = await startProvisioned(t)
    const redis = await startRedis(t)
    const KEY_ENCRYPTION_SECRET = 'a-secret-to-keep-keys-under-in-tests-32'
    const variables = { ACCOUNT_STORE, KEY_ENCRYPTION_SECRET, SESSION_TTL_SECONDS: '600' }
    // It knows nothing of what waits in Postgres: it judges, and ends nothing.
    const witness = await startAuth(t, { TOKEN_STORE: redis.url, ACCOUNT_STORE: 'memory:' })
    return { variables, owner, redis, witness }
  })

  /** An auth that can lose Redis, and somebody who is logged in there and about to change something. */
  async function start(t: TestContext) {
    const { variables, owner, redis, witness } = shared()
    const proxy = await startProxy(t, redis)
    const auth = await startAuth(t, { ...variables, TOKEN_STORE: proxy.through(redis.url) })
    const person = somebody()
    const id = await register(auth.url, person)
    const held = await logInTwice(auth.url, person)
    const { session, refresh } = held
    const { ask, isWaitedFor } = await connectClient(t, owner)
    const pending = () => ask('select change_id from auth.pending_revocations where sub = $1', [id])
    /** What is alive of what Redis has. */
    const alive = () => aliveAt(witness.url, { session, refresh })

    /** Resolves when the change is committed. From just before that on nothing reaches Redis. */
    async function makeWithoutRedis(change: () => Promise<Answer>) {
      await ask('begin')
      await ask('lock table auth.users in exclusive mode')
      const answer = change()
      answer.catch(() => {}) // it may end with its server
      await waitUntil(isWaitedFor)
      proxy.pause()
      await ask('rollback')
      await waitUntil(async () => (await pending()).length === 1)
      return { answer }
    }

    return {
      ...{ auth, person, id, held, ask, proxy, alive, makeWithoutRedis },
      isSettled: async () => (await pending()).length === 0,
      /** What it has left, and the auth that is started then. */
      killAfter: async (change: () => Promise<Answer>) => {
        await makeWithoutRedis(change)
        process.kill(auth.pid, 'SIGKILL')
        await auth.ended
        proxy.cut() // what it said last, nobody hears
        const left = { changeId: (await pending())[0]?.[0], alive: await alive() }
        return { left, next: await startAuth(t, { ...variables, TOKEN_STORE: redis.url }) }
      },
      changePassword: () => {
        const json = { current_password: person.password, new_password: chosen }
        return callAt(`${auth.url}/me/password`, 'POST', { token: session, json })
      },
    }
  }

  const statusOfLogin = async (url: string, credentials: Record<'username' | 'password', string>) =>
    (await postLogin(url, { username: credentials.username, password: credentials.password }))
      .status

  it('ends all that a user had before a change of the password, when it is started again', async (t) => {
    const { person, held, changePassword, killAfter, isSettled } = await start(t)

    const { left, next } = await killAfter(changePassword)

    assert.deepEqual(left.alive, ['session', 'refresh'])
    await waitUntil(isSettled)
    assert.deepEqual(await aliveAt(next.url, held), [])
    const json = { refresh_token: held.refresh }
    const refreshed = await callAt(`${next.url}/refresh`, 'POST', { json })
    assert.deepEqual([refreshed.status, refreshed.body.error], [400, 'invalid_grant'])
    assert.equal(await statusOfLogin(next.url, person), 401)
    assert.equal(await statusOfLogin(next.url, { ...person, password: chosen }), 200)
  })

  it('ends nothing of a later login where it ends the same sessions twice', async (t) => {
    const { id, person, held, ask, changePassword, killAfter, isSettled } = await start(t)
    const { left, next } = await killAfter(changePassword)
    await waitUntil(isSettled)
    const later = await logInTwice(next.url, { ...person, password: chosen })

    // As if it had been killed before it wrote down that they have ended.
    await ask('insert into auth.pending_revocations values ($1, $2)', [left.changeId, id])
    await waitUntil(isSettled)

    assert.deepEqual(await aliveAt(next.url, later), allHeld)
    assert.deepEqual(await aliveAt(next.url, held), [])
  })

  it('ends all of a user who has left, when it is started again', async (t) => {
    const { auth, person, held, killAfter, isSettled } = await start(t)
    const { session: token } = held

    const { left, next } = await killAfter(() =>
      callAt(`${auth.url}/me`, 'DELETE', { token, json: { password: person.password } }),
    )

    assert.deepEqual(left.alive, ['session', 'refresh'])
    await waitUntil(isSettled)
    assert.deepEqual(await aliveAt(next.url, held), [])
    assert.equal(await statusOfLogin(next.url, person), 401)
  })

  it('ends all of a user who was disabled, when it is started again, and nothing of who did it', async (t) => {
    const { auth, person, id, held, ask, killAfter, isSettled } = await start(t)
    const administrator = somebody()
    const roles = `update auth.users set roles = '{administrator}' where id = $1`
    await ask(roles, [await register(auth.url, administrator)])
    const token = await logIn(auth.url, administrator)

    const { left, next } = await killAfter(() =>
      callAt(`${auth.url}/admin/users/${id}`, 'PATCH', { token, json: { disabled: true } }),
    )

    assert.deepEqual(left.alive, ['session', 'refresh'])
    await waitUntil(isSettled)
    assert.deepEqual(await aliveAt(next.url, held), [])
    assert.equal(await statusOfLogin(next.url, person), 401)
    assert.deepEqual(await aliveAt(next.url, { session: token }), ['session'])
  })

  it('says that the change is made where Redis is away and it lives, and ends all when Redis is back', async (t) => {
    const { auth, person, held, proxy, alive, isSettled, ...rest } = await start(t)
    const { answer } = await rest.makeWithoutRedis(rest.changePassword)

    const { status, headers, body } = await answer
    const before = await alive()
    proxy.cut()
    proxy.resume()

    assert.deepEqual(
      [status, body.error, body.error_description],
      [503, 'temporarily_unavailable', 'The change is made. All sessions end as soon as possible.'],
    )
    assert.match(headers.get('retry-after') ?? '', /^\d+$/)
    assert.deepEqual(before, ['session', 'refresh'])
    await waitUntil(isSettled)
    assert.deepEqual(await aliveAt(auth.url, held), [])
    assert.equal(await statusOfLogin(auth.url, { ...person, password: chosen }), 200)
  })
})
