/** What a user hears of somebody who guesses his password, and gets in. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { post } from '../kit/auth-calls.ts'
import { makeFolder } from '../kit/daemon.ts'
import { databaseName } from '../kit/database-roles.ts'
import { skipUnless } from '../kit/installed.ts'
import { startAuth, type Variables, waitUntil } from '../kit/processes.ts'
import { startProvisioned } from '../kit/provisioned.ts'
import { startRedis } from '../kit/redis.ts'
import { redisUsers } from '../kit/redis-users.ts'
import { share } from '../kit/shared-servers.ts'

const password = 'seven quiet herons'
const [home, stranger, another] = ['192.0.2.1', '198.51.100.1', '203.0.113.1']
const alarm = /^Subject: A login from a new place\r?$/m
const reset = /^Subject: Reset your password\r?$/m

/** auth behind one proxy, with an account that is known at home. */
async function start(t: TestContext, variables: Variables) {
  const folder = makeFolder('mails')
  const username = `${randomUUID()}@example.com`
  const settings = { REGISTRATION: 'open', TRUSTED_PROXY_HOPS: '1', MAIL_DIR: folder }
  const { url } = await startAuth(t, { ...settings, ...variables })
  const { body } = await post(`${url}/register`, { json: { username, name: 'Ann', password } })

  async function logIn(from: string, shown = password): Promise<number> {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': from }
    const body = JSON.stringify({ username, password: shown })
    return (await fetch(`${url}/login`, { method: 'POST', headers, body })).status
  }

  const mails = () =>
    readdirSync(folder)
      .filter((name) => /^[^.].*\.eml$/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8'))

  /** All mails, once one is there that was asked for after them. */
  async function allMails(): Promise<readonly string[]> {
    await post(`${url}/password-reset`, { json: { username } })
    await waitUntil(() => mails().some((mail) => reset.test(mail)))
    return mails().filter((mail) => !reset.test(mail))
  }

  assert.equal(await logIn(home), 200)
  return { id: String(body.id), username, logIn, mails, allMails }
}

function describeOn(stores: string, variables: () => Variables): void {
  describe(`a user whose password was guessed, on ${stores}`, { timeout: 60_000 }, () => {
    it('gets one mail of the login from a new place, though he logged in at home meanwhile', async (t) => {
      const { username, logIn, mails, allMails } = await start(t, variables())

      const guesses = [await logIn(stranger, 'six quiet herons'), await logIn(stranger, 'herons')]
      const entered = [await logIn(home), await logIn(another), await logIn(stranger)]
      await waitUntil(() => mails().length === 1)

      assert.deepEqual([...guesses, ...entered], [401, 401, 200, 200, 200])
      const [mail = '', ...others] = await allMails()
      assert.deepEqual(others, [])
      assert.match(mail, alarm)
      assert.match(mail, new RegExp(`^To: <?${username}>?\r?$`, 'm'))
      const [, text = ''] = mail.split(/\r?\n\r?\n/)
      for (const secret of [username, password, 'herons', another])
        assert.ok(!text.includes(secret))
    })
  })

  describe(`a user whose password was not, on ${stores}`, { timeout: 60_000 }, () => {
    it('gets no mail of any login', async (t) => {
      const { logIn, allMails } = await start(t, variables())

      const statuses = [await logIn(home, 'mistyped'), await logIn(home), await logIn(another)]

      assert.deepEqual(statuses, [401, 200, 200])
      assert.deepEqual(await allMails(), [])
    })
  })
}

describeOn('memory', () => ({ TOKEN_STORE: 'memory:', ACCOUNT_STORE: 'memory:' }))

describe('a login from a new place after wrong passwords', {
  skip: skipUnless('redis-server', 'postgres'),
}, () => {
  const users = redisUsers()
  const redis = share((context) => startRedis(context, { aclLines: users.lines }))
  const database = share(startProvisioned)

  const variables = () => ({
    TOKEN_STORE: redis().urlAs('sallyport_auth', users.authPassword),
    ACCOUNT_STORE: database().auth,
  })

  describeOn('Redis and Postgres', variables)

  it('is in the audit', async (t) => {
    const { id, logIn } = await start(t, variables())
    const query = `select source, count(*) from auth.audit_events
      where type = 'login_from_new_place' and sub = '${id}' group by source`

    await logIn(stranger, 'herons')
    await logIn(stranger)

    const rows = () => database().postgres.psql(query, databaseName)
    await waitUntil(async () => (await rows()) === `${stranger}|1`)
  })
})
