import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { databaseName } from '../../kit/database-roles.ts'
import { createGate } from '../../kit/gate.ts'
import { skipUnless } from '../../kit/installed.ts'
import { type Variables, waitUntil } from '../../kit/processes.ts'
import { startOtherProcess } from '../../storage/other-process.ts'
import { sharePostgres } from '../../storage/postgres/open-stores.ts'
import { ownFolder } from './own-folder.ts'
import { startSmtp } from './smtp-server.ts'

const script = new URL('auth-process.js', import.meta.url)

describe('a mail that was asked for', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()

  async function start(t: TestContext, variables: Variables) {
    const call = await startOtherProcess(t, script, { ACCOUNT_STORE: server().auth, ...variables })
    const kill = async () => void process.kill(Number(await call('pid', [])), 'SIGKILL')
    return { call, kill }
  }

  const countRows = () => server().postgres.psql('select count(*) from auth.outbox', databaseName)

  it('is sent by the next process where the first is killed between the commit and the sending', async (t) => {
    await server().emptyTables()
    const folder = join(ownFolder(t), 'mail')
    const first = await start(t, { MAIL_DIR: folder })
    await first.call('ask', [randomUUID()])
    await first.kill()
    const [before, waiting] = [existsSync(folder), await countRows()]

    const second = await start(t, { MAIL_DIR: folder })
    await second.call('look', [])

    await waitUntil(() => existsSync(folder) && readdirSync(folder).length === 1)
    await waitUntil(async () => (await countRows()) === '0')
    assert.deepEqual([before, waiting], [false, '1'])
  })

  it('is sent again where a process is killed while it sends, once its lease is over', async (t) => {
    await server().emptyTables()
    const reached = createGate()
    let recipients = 0
    const smtp = await startSmtp(t, {
      onRcptTo(_, __, done) {
        recipients += 1
        if (recipients > 1) done()
        else reached.open()
      },
    })
    const SMTP_URL = `smtp://127.0.0.1:${smtp.port}`
    const variables = { SMTP_URL, MAIL_FROM: 'sallyport@example.com' }
    const first = await start(t, variables)
    await first.call('ask', [randomUUID()])
    await first.call('look', [])
    await reached.opened
    await first.kill()

    const second = await start(t, variables)
    await second.call('look', [])
    const meanwhile = smtp.mails.length
    await server().postgres.psql('update auth.outbox set next_attempt_at = 0', databaseName)
    await second.call('look', [])

    await waitUntil(() => smtp.mails.length === 1)
    await waitUntil(async () => (await countRows()) === '0')
    assert.equal(meanwhile, 0)
  })
})
