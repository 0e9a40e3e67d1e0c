/** The real servers, under a light load, while the Redis of their tokens fails and is back. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { countOf } from '../kit/data-load.ts'
import { logInDemo, postLogin, postLogout, refusalIn } from '../kit/demo.ts'
import { skipUnless } from '../kit/installed.ts'
import { startLogoutFlood } from '../kit/logout-flood.ts'
import { startAuth, startBoth, untilReady, waitUntil } from '../kit/processes.ts'
import { startRedis } from '../kit/redis.ts'
import type { RedisOptions } from '../kit/redis-options.ts'
import { redisUsers } from '../kit/redis-users.ts'
import { getData } from '../kit/servers.ts'
import { logInOften, startSessionLoad, statusesBetween, turnsOf } from '../kit/session-load.ts'

describe('Servers with tokens in Redis', { skip: skipUnless('redis-server') }, () => {
  it('say 503 while it is gone, and 401 only when it is back with nothing', async (t) => {
    const { redis, auth, business, load, spare } = await startUnderLoad(t)
    const killedAt = Date.now()
    await redis.kill()
    await waitUntil(() => load.sessions.every((one) => one.at(-1)?.status === 503))
    const logout = await postLogout(auth.url, spare)

    const restartedAt = Date.now()
    await redis.restart()
    await waitUntil(() => load.sessions.every((one) => one.at(-1)?.status === 401))

    assert.equal(logout.status, 503)
    const fresh = await untilLoggedIn(auth.url)
    assert.equal((await getData(business.url, fresh)).status, 200)
    t.diagnostic(`logins after ${Date.now() - restartedAt} ms`)
    await untilReady(business.url)
    await load.stop()
    assert.deepEqual(load.sessions.map(turnsOf), [
      [200, 503, 401],
      [200, 503, 401],
      [200, 503, 401],
    ])
    const { logins, logouts } = load
    assert.deepEqual(statusesBetween(logins, killedAt, restartedAt).has(200), false)
    assert.deepEqual(statusesBetween(logouts, killedAt, restartedAt).has(204), false)
  })

  it('go on with the same sessions when it is back with its file', async (t) => {
    const { redis, auth, business, load, spare } = await startUnderLoad(t, { appendOnly: 'always' })
    await redis.kill()
    await waitUntil(() => load.sessions.every((one) => one.at(-1)?.status === 503))
    const logout = await postLogout(auth.url, spare)

    const restartedAt = Date.now()
    await redis.restart()
    await waitUntil(() => load.sessions.every((one) => one.at(-1)?.status === 200))

    t.diagnostic(`sessions after ${Date.now() - restartedAt} ms`)
    await load.stop()
    assert.equal(logout.status, 503)
    assert.equal((await getData(business.url, spare)).status, 200)
    assert.deepEqual(load.sessions.map(turnsOf), [
      [200, 503, 200],
      [200, 503, 200],
      [200, 503, 200],
    ])
    assert.equal((await postLogout(auth.url, spare)).status, 204)
    assert.equal((await getData(business.url, spare)).status, 401)
  })

  it('go on with the same sessions when it hung for three seconds', async (t) => {
    const { redis, auth, business, load, spare } = await startUnderLoad(t)
    redis.stop()
    t.after(() => redis.resume())
    const stoppedAt = Date.now()
    await waitUntil(() => load.sessions.every((one) => one.at(-1)?.status === 503))
    const logout = await postLogout(auth.url, spare)
    await wait(stoppedAt + 3_000 - Date.now())

    const resumedAt = Date.now()
    redis.resume()
    await waitUntil(() => load.sessions.every((one) => one.at(-1)?.status === 200))

    t.diagnostic(`sessions after ${Date.now() - resumedAt} ms`)
    await load.stop()
    assert.equal(logout.status, 503)
    assert.deepEqual(load.sessions.map(turnsOf), [
      [200, 503, 200],
      [200, 503, 200],
      [200, 503, 200],
    ])
    const { logins, logouts } = load
    assert.deepEqual(statusesBetween(logins, stoppedAt, resumedAt).has(200), false)
    assert.deepEqual(statusesBetween(logouts, stoppedAt, resumedAt).has(204), false)
    assert.notEqual((await getData(business.url, spare)).status, 503)
  })

  it('start without it, and are ready when it is there', async (t) => {
    const users = redisUsers()
    const redis = await startRedis(t, { aclLines: users.lines })
    await redis.kill()
    const TOKEN_STORE = redis.urlAs('sallyport_auth', users.authPassword)
    const auth = await startAuth(t, { TOKEN_STORE })
    const before = [await fetch(`${auth.url}/readyz`), await postLogin(auth.url)]

    await redis.restart()

    await untilReady(auth.url)
    assert.deepEqual(
      before.map(({ status }) => status),
      [503, 503],
    )
    assert.equal((await postLogin(auth.url)).status, 200)
    assert.equal(auth.output().includes(users.authPassword), false)
  })

  it('refuse logins alone where its memory is full', async (t) => {
    const { redis, auth, business, load, spare } = await startUnderLoad(t)
    const grantedBefore = auth.find('service token granted').length
    await redis.cli('CONFIG', 'SET', 'maxmemory', '1')

    const login = await postLogin(auth.url)

    assert.match(login.headers.get('retry-after') ?? '', /^\d+$/)
    assert.deepEqual(await refusalIn(login), {
      status: 503,
      code: 'temporarily_unavailable',
      challenge: null,
    })
    await waitUntil(() => auth.find('service token granted').length >= grantedBefore + 2)
    assert.equal((await postLogout(auth.url, spare)).status, 204)
    assert.equal((await getData(business.url, spare)).status, 401)
    assert.equal((await fetch(`${auth.url}/readyz`)).status, 200)
    await redis.cli('CONFIG', 'SET', 'maxmemory', '0')
    await logInDemo(auth.url)
    await load.stop()
    assert.deepEqual(load.sessions.map(turnsOf), [[200], [200], [200]])
    assert.deepEqual(new Set(load.logouts.map(({ status }) => status)), new Set([204]))
  })
})

describe('A flood of logouts with tokens that nobody got', {
  skip: skipUnless('redis-server'),
}, () => {
  it('stops no session in Redis, nor the service token', async (t) => {
    const { auth, load } = await startUnderLoad(t)
    const grantedBefore = auth.find('service token granted').length
    const usesBefore = load.sessions.map(({ length }) => length)
    const flood = startLogoutFlood(auth, 300)
    t.after(() => flood.stop())

    await waitUntil(() => countOf(flood, 204) > 5_000)
    await waitUntil(() => auth.find('service token granted').length > grantedBefore)
    await waitUntil(() =>
      load.sessions.every((one, nth) => one.length > (usesBefore[nth] ?? 0) + 9),
    )

    const { statuses } = await flood.stop()
    await load.stop()
    assert.deepEqual([...statuses.keys()], [204])
    assert.deepEqual(load.sessions.map(turnsOf), [[200], [200], [200]])
  })
})

/** `spare` is a session that the load does not use. */
async function startUnderLoad(t: TestContext, options: RedisOptions = {}) {
  const users = redisUsers()
  const redis = await startRedis(t, { aclLines: users.lines, ...options })
  const TOKEN_STORE = redis.urlAs('sallyport_auth', users.authPassword)
  const { auth, business } = await startBoth(t, { TOKEN_STORE, SERVICE_TTL_SECONDS: '2' })
  const [spare = '', ...tokens] = await logInOften(auth.url, 4)
  const load = startSessionLoad({ auth, businesses: [business], tokens })
  t.after(() => load.stop())
  await waitUntil(() => load.sessions.every((one) => one.length > 20) && load.logouts.length > 0)
  return { redis, auth, business, load, spare }
}

async function untilLoggedIn(authUrl: string): Promise<string> {
  let token = ''
  await waitUntil(async () => {
    token = await logInDemo(authUrl).catch(() => '')
    return token !== ''
  }, 5)
  return token
}
