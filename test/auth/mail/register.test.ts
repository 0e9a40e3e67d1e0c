import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { capability, extensionsOf } from '../../../src/auth/capability.ts'
import { mail } from '../../../src/auth/mail/register.ts'
import type { MailTemplate } from '../../../src/auth/outbox.ts'
import { readConfig } from '../../../src/config.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { startTestAuth, type TestAuthOptions } from '../../kit/servers.ts'
import { openAccountBacking, sharePostgres } from '../../storage/postgres/open-stores.ts'
import { hello, withToken } from './mail-kit.ts'
import { ownFolder } from './own-folder.ts'
import { startSmtp } from './smtp-server.ts'

const bringing = (...mailTemplates: readonly MailTemplate[]) =>
  capability({ name: 'test', register: () => ({ mailTemplates }) })

/** auth with mail, which goes to a folder where nothing else is said. */
async function start(t: TestContext, options: TestAuthOptions = {}) {
  const folder = join(ownFolder(t), 'mail')
  const auth = await startTestAuth(t, {
    environment: { MAIL_DIR: folder },
    capabilities: [mail, bringing(hello(), withToken())],
    ...options,
  })
  const outbox = auth.core.outbox()
  assert.ok(outbox !== undefined)
  /** Those that are whole. */
  const mails = () => {
    const names = existsSync(folder) ? readdirSync(folder) : []
    const finished = names.filter((name) => !name.startsWith('.'))
    return finished.map((name) => readFileSync(join(folder, name), 'utf8'))
  }
  return { ...auth, outbox, folder, mails }
}

describe('mail, as a capability', () => {
  it('puts mails into the folder of the demo', async (t) => {
    const { outbox, mails } = await start(t)
    outbox.add({ template: 'test/hello', sub: randomUUID() })

    outbox.look()

    await waitUntil(() => mails().length === 1)
    assert.match(mails()[0] ?? '', /^From: sallyport@localhost\r$/m)
  })

  it('makes no folder before there is a mail', async (t) => {
    const { folder } = await start(t)

    assert.equal(existsSync(folder), false)
  })

  it('sends mails to the SMTP server that is configured', async (t) => {
    const { port, mails: received } = await startSmtp(t)
    const environment = { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'sally@example.com' }
    const { outbox } = await start(t, { environment })
    outbox.add({ template: 'test/hello', sub: randomUUID() })

    outbox.look()

    await waitUntil(() => received.length === 1)
    assert.equal(received[0]?.from, 'sally@example.com')
  })

  it('refuses a mail that nobody could send', async (t) => {
    const { outbox, mails } = await start(t)

    assert.throws(() => outbox.add({ template: 'test/other', sub: randomUUID() }), TypeError)
    assert.throws(() => outbox.add({ template: 'test/hello', sub: 'a\nb' }), TypeError)
    assert.throws(() => outbox.add({ template: 'test/hello', sub: '' }), TypeError)

    outbox.look()
    assert.deepEqual(mails(), [])
  })

  it('makes no statements where accounts are in memory', async (t) => {
    const { outbox } = await start(t)

    const request = { template: 'test/hello', sub: randomUUID() }

    assert.throws(() => outbox.statementFor(request), TypeError)
  })

  it('offers no outbox in production where there is no way to send, and says so', async (t) => {
    const { core, log } = await startTestAuth(t)
    const config = readConfig({}, ['auth'], extensionsOf([mail]))

    const addition = await mail.register({ ...core, environment: 'production' }, config)

    assert.deepEqual(addition, {})
    assert.equal(log.find('no mail is sent: SMTP_URL is not set').length, 1)
  })
})

describe('mail, where accounts are in Postgres', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()

  async function startOnPostgres(t: TestContext) {
    await server().emptyTables()
    const { backing } = await openAccountBacking(t, server().auth)
    assert.ok(backing.kind === 'postgres')
    return { ...(await start(t, { accountBacking: backing })), database: backing.database }
  }

  it('sends what was written with a change', async (t) => {
    const { outbox, mails, database } = await startOnPostgres(t)
    const request = { template: 'test/token', sub: randomUUID() }
    await database.runTogether([outbox.statementFor(request)])

    outbox.look()

    await waitUntil(() => mails().length === 1)
    assert.match(mails()[0] ?? '', /^sp_v_/m)
  })

  it('adds nothing but by statements', async (t) => {
    const { outbox } = await startOnPostgres(t)

    const request = { template: 'test/hello', sub: randomUUID() }

    assert.throws(() => outbox.add(request), TypeError)
  })
})
