/** What becomes of logins in the audit, from the request to the row. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { basic, post } from '../../kit/auth-calls.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startAuth, waitUntil } from '../../kit/processes.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { findSecrets, findTokens } from '../../kit/secret-search.ts'
import { logIn, serviceTokenOf } from '../../kit/servers.ts'
import { share } from '../../kit/shared-servers.ts'
import { dumpOfPostgres } from '../../kit/store-dumps.ts'
import { startProxy } from '../../kit/tcp-proxy.ts'
import { openAccountBacking } from '../../storage/postgres/open-stores.ts'
import { eventsIn, startAudited } from './audited-auth.ts'

const planted = () => `Planted!${randomBytes(12).toString('base64url')}`

async function failToLogIn(url: string, username: string, password = planted()): Promise<void> {
  const { status } = await post(`${url}/login`, { json: { username, password } })
  assert.equal(status, 401)
}

describe('failed logins in the audit', () => {
  it('are summed up by user, and by the name of nobody', async (t) => {
    const { url, user, ask, passWindow } = await startAudited(t)
    for (let times = 0; times < 3; times++) await failToLogIn(url, user.username)
    for (let times = 0; times < 2; times++) await failToLogIn(url, 'nobody@example.com')
    const early = eventsIn(await ask('?type=login_failed'))

    passWindow()
    const token = await logIn(url)
    const again = () => ask('?type=login_failed', `Bearer ${token}`)
    await waitUntil(async () => eventsIn(await again()).length === 2)

    const events = eventsIn(await again())
    assert.deepEqual(early, [])
    assert.deepEqual(
      events.map(({ count, sub }) => [count, sub]),
      [
        [2, undefined],
        [3, user.id],
      ],
    )
    assert.match(String(events[0]?.account), /^[\w-]{43}$/)
  })
})

describe('the audit on one Postgres', { skip: skipUnless('postgres', 'pg_dump') }, () => {
  const server = share((context) => startProvisioned(context))

  async function startOnPostgres(t: TestContext, url = server().auth) {
    await server().emptyTables()
    const { backing: accountBacking } = await openAccountBacking(t, url)
    return await startAudited(t, { accountBacking })
  }

  const rows = (condition: string) =>
    server().postgres.psql(
      `select type, sum(count) from auth.audit_events where ${condition} group by type order by type`,
      'sallyport',
    )

  it('has no password, token or secret, wherever it was typed', async (t) => {
    const { url, user, token, passWindow } = await startOnPostgres(t)
    const [asName, asPassword, asClient, asSecret] = [planted(), planted(), planted(), planted()]
    const service = await serviceTokenOf(url)
    await failToLogIn(url, asName)
    await failToLogIn(url, user.username, asPassword)
    await failToLogIn(url, token)
    for (const authorization of [basic(asClient, 'x'), basic('business', asSecret)])
      await post(`${url}/token`, { authorization, form: 'grant_type=client_credentials' })

    passWindow()
    await waitUntil(async () => (await rows('true')).split('\n').length === 4)

    const secrets = [asName, asPassword, asClient, asSecret, token, service, 'correct horse']
    for (const dump of Object.values(await dumpOfPostgres(server().postgres))) {
      assert.deepEqual(findSecrets(dump, secrets), [])
      assert.deepEqual(findTokens(dump), [])
    }
  })

  it('does not stop logins while its database is away, and knows afterwards how much was lost', async (t) => {
    const proxy = await startProxy(t, { port: server().postgres.port })
    const url = proxy.through(server().auth)
    const { core, passWindow, log, ...auth } = await startOnPostgres(t, url)
    await waitUntil(async () => (await rows('true')) === 'login_succeeded|1')
    await proxy.refuse(true)
    proxy.cut()

    for (let logins = 0; logins < 20; logins++) await logIn(auth.url)
    for (let events = 0; events < 10_000; events++)
      core.report({ type: 'tested', requestId: 'abcdef-0001', source: 'unknown' })
    await waitUntil(() => log.find('audit events cannot be written and wait').length > 0)
    const meanwhile = await rows('true')
    await proxy.refuse(false)
    passWindow()

    await waitUntil(async () => (await rows('true')).startsWith('events_lost'))
    assert.equal(meanwhile, 'login_succeeded|1')
    assert.deepEqual((await rows('true')).split('\n'), [
      'events_lost|20',
      'login_succeeded|21',
      'tested|9980',
    ])
  })

  it('gets what was summed up when its server is stopped', async (t) => {
    await server().emptyTables()
    const auth = await startAuth(t, { ACCOUNT_STORE: server().auth })
    for (let times = 0; times < 5; times++) await failToLogIn(auth.url, 'nobody@example.com')

    auth.signal('SIGTERM')
    await auth.ended

    assert.equal(await rows('account is not null'), 'login_failed|5')
  })
})
