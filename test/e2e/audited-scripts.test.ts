/** What scripts change is in the audit when they have ended, written by themselves: no auth runs here. */
import assert from 'node:assert/strict'
import { before, describe, it, type TestContext } from 'node:test'
import { connectClient } from '../kit/database-client.ts'
import { skipUnless } from '../kit/installed.ts'
import { spawnScript } from '../kit/processes.ts'
import { startProvisioned } from '../kit/provisioned.ts'
import { share } from '../kit/shared-servers.ts'

const scripts = {
  createAdministrator: '../../src/auth/admin/main-create-administrator.js',
  manageClient: '../../src/auth/clients/main-manage-client.js',
  rotateKeys: '../../src/auth/jwt/main-rotate-keys.js',
}
const newClient = ['--id', 'reports', '--name', 'Reports', '--scope', 'tokens:validate']
const ada = ['--username', 'ada@example.com', '--name', 'Ada']

describe('what scripts do', { skip: skipUnless('postgres'), timeout: 120_000 }, () => {
  const database = share(startProvisioned)
  before(() => database().emptyTables())

  /** What it printed, and the audit events that were added meanwhile. */
  async function run(t: TestContext, name: keyof typeof scripts, ...args: readonly string[]) {
    const { ask } = await connectClient(t, database().owner)
    const columns = 'type, sub, actor, source, details'
    const [[last] = []] = await ask('select coalesce(max(number), 0) from auth.audit_events')
    const variables = {
      APP_ENV: 'demo',
      ACCOUNT_STORE: database().auth,
      TOKEN_STORE: database().auth,
      KEY_ENCRYPTION_SECRET: 'a-secret-to-encrypt-keys-under-in-tests',
      ADMINISTRATOR_PASSWORD: 'four words for one',
    }
    const { ended, output } = spawnScript(scripts[name], variables, args)
    assert.equal((await ended).code, 0, output())
    const select = `select ${columns} from auth.audit_events where number > $1 order by number`
    return { printed: output(), events: await ask(select, [last]) }
  }

  it('with administrators is audited, and to change nothing is no event', async (t) => {
    const first = await run(t, 'createAdministrator', ...ada)
    const second = await run(t, 'createAdministrator', ...ada)

    const id = first.printed.trimEnd()
    assert.deepEqual(first.events, [['administrator_made', id, null, 'unknown', null]])
    assert.deepEqual(second, { printed: first.printed, events: [] })
  })

  it('with clients is audited, and has no secret in it', async (t) => {
    const of = (type: string, details: string | null = null) => [
      [type, 'client:reports', null, 'unknown', details],
    ]

    const created = await run(t, 'manageClient', 'create', ...newClient)
    const rotated = await run(t, 'manageClient', 'rotate', 'reports')
    const dropped = await run(t, 'manageClient', 'drop-old-secret', 'reports')
    const disabled = await run(t, 'manageClient', 'disable', 'reports')
    const enabled = await run(t, 'manageClient', 'enable', 'reports')
    const listed = await run(t, 'manageClient', 'list')

    assert.deepEqual(created.events, of('client_created', '{"scope":"tokens:validate"}'))
    assert.deepEqual(rotated.events, of('client_secret_rotated'))
    assert.deepEqual(dropped.events, of('client_old_secret_dropped'))
    assert.deepEqual(disabled.events, of('client_disabled'))
    assert.deepEqual(enabled.events, of('client_enabled'))
    assert.deepEqual(listed.events, [])
  })

  it('with signing keys is audited', async (t) => {
    const { events } = await run(t, 'rotateKeys')

    assert.deepEqual(
      events.map(([type]) => type),
      ['signing_key_rotated'],
    )
  })
})
