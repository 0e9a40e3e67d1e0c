/** The real servers, under a light load, while the master of their tokens dies and a replica takes over. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { logInDemo, postLogout } from '../kit/demo.ts'
import { skipUnless } from '../kit/installed.ts'
import { startAuth, startBusiness, untilReady, waitUntil } from '../kit/processes.ts'
import { startSentinels } from '../kit/redis-sentinels.ts'
import { redisUsers } from '../kit/redis-users.ts'
import { getData } from '../kit/servers.ts'
import { logInOften, startSessionLoad, turnsOf } from '../kit/session-load.ts'

describe('Servers with tokens in a Redis that fails over', {
  skip: skipUnless('redis-server'),
}, () => {
  it('heal within 15 s and refuse no session, and what was ended stays ended', async (t) => {
    const { sentinels, auth, businesses, load, ended, spare } = await startUnderLoad(t)
    const killedAt = Date.now()

    const dead = await sentinels.killMaster()

    await waitUntil(() => load.sessions.every((one) => one.at(-1)?.status === 503))
    const logout = await postLogout(auth.url, spare)
    await waitUntil(() => load.sessions.every((one) => one.at(-1)?.status === 200), 15)
    t.diagnostic(`sessions after ${Date.now() - killedAt} ms`)
    await waitUntil(() => postLogout(auth.url, spare).then(({ status }) => status === 204), 15)
    const fresh = await logInDemo(auth.url)
    await load.stop()
    // It may have found the new master already. Then it is done, and otherwise it was said not to be.
    assert.equal([204, 503].includes(logout.status), true)
    assert.deepEqual(
      load.sessions.map(turnsOf),
      load.sessions.map(() => [200, 503, 200]),
    )
    for (const { url } of businesses) {
      assert.equal((await getData(url, ended)).status, 401)
      assert.equal((await getData(url, spare)).status, 401)
      assert.equal((await getData(url, fresh)).status, 200)
    }
    await dead.restart()
    await sentinels.untilMasterIsNot(dead)
    assert.equal((await getData(businesses[0].url, fresh)).status, 200)
  })
})

/** A replica must have each revocation. `ended` is a session that was logged out, `spare` one that the load does not use. */
async function startUnderLoad(t: TestContext) {
  const users = redisUsers()
  const sentinels = await startSentinels(t, { aclLines: users.lines })
  const TOKEN_STORE = sentinels.urlAs('sallyport_auth', users.authPassword)
  const auth = await startAuth(t, { TOKEN_STORE, REDIS_WAIT_REPLICAS: '1' })
  const businesses = [
    await startBusiness(t, { AUTH_URL: auth.url }),
    await startBusiness(t, { AUTH_URL: auth.url }),
  ] as const
  for (const { url } of businesses) await untilReady(url)
  const [spare = '', ended = '', ...tokens] = await logInOften(auth.url, 6)
  const logout = await postLogout(auth.url, ended)
  assert.equal(logout.status, 204)
  const load = startSessionLoad({ auth, businesses, tokens })
  t.after(() => load.stop())
  await waitUntil(() => load.sessions.every((one) => one.length > 20) && load.logouts.length > 0)
  await untilReplicated(sentinels)
  return { sentinels, auth, businesses, load, ended, spare }
}

/** All replicas have the tokens that there are now; but for one, which may be logged out meanwhile. */
async function untilReplicated({ servers }: Awaited<ReturnType<typeof startSentinels>>) {
  const [master, ...replicas] = servers
  const names = (await master?.cli('KEYS', 'sallyport:auth:*:t:session:*'))?.split('\n') ?? []
  assert.equal(names.length >= 5, true)
  for (const replica of replicas)
    await waitUntil(async () => Number(await replica.cli('EXISTS', ...names)) >= names.length - 1)
}
