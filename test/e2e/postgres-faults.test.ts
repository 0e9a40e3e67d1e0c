import assert from 'node:assert/strict'
import { beforeEach, describe, it, type TestContext } from 'node:test'
import { countOf } from '../kit/data-load.ts'
import { databaseName } from '../kit/database-roles.ts'
import { demoServiceToken, logInDemo, postLogin, postLogout } from '../kit/demo.ts'
import { freezePostgres } from '../kit/frozen-postgres.ts'
import { skipUnless } from '../kit/installed.ts'
import { type Load, startLoad } from '../kit/keep-alive-load.ts'
import { startLogoutFlood } from '../kit/logout-flood.ts'
import { startBoth, untilReady, waitUntil } from '../kit/processes.ts'
import { startProvisioned } from '../kit/provisioned.ts'
import { getData } from '../kit/servers.ts'
import { share } from '../kit/shared-servers.ts'

describe('both servers under load, with tokens and users in Postgres', {
  skip: skipUnless('postgres'),
}, () => {
  const shared = share(async (context) => {
    const provisioned = await startProvisioned(context)
    const { auth: url } = provisioned
    const servers = await startBoth(context, { TOKEN_STORE: url, ACCOUNT_STORE: url })
    const psql = (sql: string) => provisioned.postgres.psql(sql, databaseName)
    return { ...servers, postgres: provisioned.postgres, psql }
  })
  beforeEach(async () => {
    await untilReady(shared().auth.url)
    await untilReady(shared().business.url)
  })

  /** A session that is in use all the time, over eight connections. */
  async function startUse(t: TestContext) {
    const { auth, business } = shared()
    const token = await logInDemo(auth.url)
    const request = `GET /data HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`
    const load = startLoad({ url: business.url, request, connections: 8 })
    t.after(() => load.stop())
    await waitUntil(() => countOf(load, 200) > 50)
    return { token, load }
  }

  /** It goes on, and the same session with it; nothing but 200 and 503 was ever answered, each whole and soon. */
  async function assertRecovers(load: Load, statuses: Statuses) {
    const { auth, business } = shared()
    const before = countOf(load, 200)
    await waitUntil(() => countOf(load, 200) > before + 50)
    await untilReady(auth.url)
    await untilReady(business.url)
    const { statuses: counts, cut, refused, slowestMilliseconds } = await load.stop()
    const others = [...counts.keys()].filter((status) => status !== 200)
    if (statuses !== '200 or 503' || others.length > 0)
      assert.deepEqual(others, statuses === '200' ? [] : [503])
    assert.deepEqual({ cut, refused }, { cut: [], refused: 0 })
    assert.equal(slowestMilliseconds < 3_000, true, `${slowestMilliseconds} ms`)
    await logInDemo(auth.url)
  }

  /** What each door says while the store fails. */
  async function knockAt(token: string) {
    const { auth, business } = shared()
    const [login, logout, data] = [
      await postLogin(auth.url),
      await postLogout(auth.url, token),
      await getData(business.url, token),
    ]
    for (const response of [login, logout, data])
      assert.match(response.headers.get('retry-after') ?? '', /^\d+$/)
    const bodies = [await login.json(), await logout.json(), await data.json()] as Body[]
    assert.deepEqual(
      bodies.map(({ error }) => error),
      bodies.map(() => 'temporarily_unavailable'),
    )
    return {
      statuses: [login.status, logout.status, data.status],
      reasons: bodies.slice(0, 2).map((body) => body.error_description),
    }
  }
  const allUnavailable = {
    statuses: [503, 503, 503],
    reasons: ['The store cannot do this now.', 'The store cannot do this now.'],
  }

  it('answer 503 at most while Postgres is restarted, and the sessions live on', async (t) => {
    const { load } = await startUse(t)

    await shared().postgres.restart()

    await assertRecovers(load, '200 or 503')
  })

  it('answer 503 to whatever is asked while Postgres is gone', async (t) => {
    const { load, token } = await startUse(t)
    const { postgres } = shared()
    t.after(() => postgres.restart())
    await postgres.stop()

    const answers = await knockAt(token)

    assert.deepEqual(answers, allUnavailable)
    await postgres.restart()
    await assertRecovers(load, '200 and 503')
  })

  it('let no session end, and answer 503 at worst, where all connections are terminated time and again', async (t) => {
    const { load } = await startUse(t)
    const { psql } = shared()
    const terminated: string[] = []

    for (let round = 0; round < 5; round++) {
      let open: string[] = []
      await waitUntil(async () => {
        const pids = await psql(`select pid from pg_stat_activity where usename = 'sallyport_auth'`)
        open = pids.split('\n').filter((pid) => pid !== '' && !terminated.includes(pid))
        return open.length > 0
      })
      await psql(`select pg_terminate_backend(pid) from unnest(array[${open.join()}]) as pid`)
      terminated.push(...open)
    }

    await assertRecovers(load, '200 or 503')
  })

  it('answer 503 where the role has no connections left', async (t) => {
    const { load, token } = await startUse(t)
    const { psql } = shared()
    t.after(() => psql('alter role sallyport_auth connection limit 40'))
    await psql(`alter role sallyport_auth connection limit 0;
      select pg_terminate_backend(pid) from pg_stat_activity where usename = 'sallyport_auth'`)
    await waitUntil(() => countOf(load, 503) > 10)

    const answers = await knockAt(token)

    assert.deepEqual(answers, allUnavailable)
    await psql('alter role sallyport_auth connection limit 40')
    await assertRecovers(load, '200 and 503')
  })

  it('answer 503 where a table is not there, and tell nobody which', async (t) => {
    const { load, token } = await startUse(t)
    const { psql } = shared()
    const back = 'alter table if exists auth.away rename to sessions'
    t.after(() => psql(back))
    await psql('alter table auth.sessions rename to away')
    await waitUntil(() => countOf(load, 503) > 10)

    const answers = await knockAt(token)

    assert.deepEqual(answers, allUnavailable)
    await psql(back)
    await assertRecovers(load, '200 and 503')
  })

  it('answer 503 where the role may not what it must', async (t) => {
    const { load, token } = await startUse(t)
    const { psql } = shared()
    const back = 'grant select, insert, update, delete on auth.sessions to sallyport_auth'
    t.after(() => psql(back))
    await psql('revoke all on auth.sessions from sallyport_auth')
    await waitUntil(() => countOf(load, 503) > 10)

    const answers = await knockAt(token)

    assert.deepEqual(answers, allUnavailable)
    await psql(back)
    await assertRecovers(load, '200 and 503')
  })

  it('answer 503 where users cannot be read, not 401, and sessions go on', async (t) => {
    const { load } = await startUse(t)
    const { psql } = shared()
    const back = 'grant select on auth.users to sallyport_auth'
    t.after(() => psql(back))
    await psql('revoke select on auth.users from sallyport_auth')

    const known = await postLogin(shared().auth.url)
    const unknown = await postLogin(shared().auth.url, { username: 'nobody', password: 'x' })

    assert.deepEqual([known.status, unknown.status], [503, 503])
    await psql(back)
    await assertRecovers(load, '200')
  })

  it('answer 503 where nothing may be written, and are not ready meanwhile', async (t) => {
    const { load, token } = await startUse(t)
    const { psql, auth } = shared()
    const back = 'alter system reset default_transaction_read_only; select pg_reload_conf()'
    const send = (sql: string) => psql(sql.replaceAll(';', '\n;')) // each a transaction of its own
    t.after(() => send(back))
    await send('alter system set default_transaction_read_only = on; select pg_reload_conf()')
    await waitUntil(() => countOf(load, 503) > 10)

    const answers = await knockAt(token)

    assert.deepEqual(answers, allUnavailable)
    await waitUntil(async () => (await fetch(`${auth.url}/readyz`)).status === 503)
    await send(back)
    await assertRecovers(load, '200 and 503')
  })

  it('let no session be stopped by a flood of logouts with tokens that nobody got', async (t) => {
    const { auth } = shared()
    const { load } = await startUse(t)
    const flood = startLogoutFlood(auth, 700) // more than may wait for the store
    t.after(() => flood.stop())

    await waitUntil(() => countOf(flood, 204) > 1_000)
    await waitUntil(() => countOf(flood, 204) + countOf(flood, 503) > 10_000)

    const granted = await demoServiceToken(auth.url)
    const { statuses } = await flood.stop()
    assert.notEqual(granted, '')
    assert.deepEqual(new Set([...statuses.keys(), 204, 503]), new Set([204, 503]))
    await assertRecovers(load, '200')
  })

  it('let nobody wait while Postgres hangs for two seconds, and go on', async (t) => {
    const { load } = await startUse(t)
    const spare = await logInDemo(shared().auth.url) // whose logout may be done when Postgres goes on
    const startedAt = Date.now()
    const thaw = freezePostgres(t, shared().postgres)

    const answers = await knockAt(spare)

    assert.deepEqual(answers, allUnavailable)
    assert.equal(Date.now() - startedAt < 3 * 1_500, true, 'the three doors took too long')
    await waitUntil(() => Date.now() - startedAt >= 2_000)
    thaw()
    await assertRecovers(load, '200 and 503')
  })
})

type Statuses = '200' | '200 and 503' | '200 or 503'

interface Body {
  readonly error: string
  readonly error_description: string
}
