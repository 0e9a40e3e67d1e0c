import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { post } from '../kit/auth-calls.ts'
import { connectClient } from '../kit/database-client.ts'
import { skipUnless } from '../kit/installed.ts'
import { startAuth, waitUntil } from '../kit/processes.ts'
import { startProvisioned } from '../kit/provisioned.ts'

describe('a reset for an address that has no account', { skip: skipUnless('postgres') }, () => {
  it('waits in the outbox by itself, and leaves it without a mail', async (t) => {
    const { auth: ACCOUNT_STORE, owner } = await startProvisioned(t)
    const MAIL_DIR = mkdtempSync(join(tmpdir(), 'mails-'))
    t.after(() => rmSync(MAIL_DIR, { recursive: true }))
    const { url } = await startAuth(t, { APP_ENV: 'demo', ACCOUNT_STORE, MAIL_DIR })
    const { ask } = await connectClient(t, owner)
    const waiting = async () => Number((await ask('select count(*) from auth.outbox'))[0]?.[0])
    // Nothing leaves it for the time being, so that what was asked for is seen.
    await ask(`create function auth.keep() returns trigger language plpgsql
      as 'begin return null; end'`)
    await ask(`create trigger keep before delete on auth.outbox
      for each row execute function auth.keep()`)

    for (let index = 0; index < 20; index++)
      await post(`${url}/password-reset`, { json: { username: `${index}@example.com` } })
    const before = await waiting()
    await ask('drop trigger keep on auth.outbox')

    assert.ok(before > 10, `${before} rows`) // a few may meet by chance
    await waitUntil(async () => (await waiting()) === 0)
    assert.deepEqual(readdirSync(MAIL_DIR), [])
  })
})
