import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { capability } from '../../../src/auth/capability.ts'
import { mail } from '../../../src/auth/mail/register.ts'
import { databaseName } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { findSecrets, findTokens } from '../../kit/secret-search.ts'
import { startTestAuth } from '../../kit/servers.ts'
import { dumpOfPostgres } from '../../kit/store-dumps.ts'
import { openAccountBacking, sharePostgres } from '../../storage/postgres/open-stores.ts'
import { address, tokenIn, withToken } from './mail-kit.ts'
import { reply, startSmtp } from './smtp-server.ts'

const password = 'planted password of smtp'

describe('a mail that could not be sent', { skip: skipUnless('postgres', 'pg_dumpall') }, () => {
  const { server } = sharePostgres()

  it('leaves neither its token nor its address nor the password of SMTP in the log or the database', async (t) => {
    await server().emptyTables()
    let content = ''
    const { port } = await startSmtp(t, {
      disabledCommands: [],
      allowInsecureAuth: true,
      onAuth: (_, __, done) => done(null, { user: 'sally' }),
      onData(stream, _, done) {
        stream.on('data', (chunk: Buffer) => {
          content += chunk.toString()
        })
        stream.on('end', () => done(reply(451, `${address} ${content.slice(-120)} ${password}`)))
      },
    })
    const { backing } = await openAccountBacking(t, server().auth)
    const { core, log } = await startTestAuth(t, {
      accountBacking: backing,
      capabilities: [
        mail,
        capability({ name: 'test', register: () => ({ mailTemplates: [withToken()] }) }),
      ],
      environment: {
        SMTP_URL: `smtp://sally:${encodeURIComponent(password)}@127.0.0.1:${port}`,
        MAIL_FROM: 'sallyport@example.com',
      },
    })
    const outbox = core.outbox()
    assert.ok(outbox !== undefined && backing.kind === 'postgres')
    const sub = randomUUID()
    await backing.database.runTogether([outbox.statementFor({ template: 'test/token', sub })])

    outbox.look()

    await waitUntil(() => log.text().includes('EMESSAGE 451 DATA'))
    const kept = await server().postgres.psql('select template, sub from auth.outbox', databaseName)
    assert.equal(kept, `test/token|${sub}`)
    const { 'dump of Postgres': dump } = await dumpOfPostgres(server().postgres)
    const bytes = Buffer.concat([dump, Buffer.from(log.text())])
    const secrets = [address, tokenIn(content), password]
    assert.deepEqual([findSecrets(bytes, secrets), findTokens(bytes)], [[], []])
  })
})
