import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { freePort } from '../../kit/free-port.ts'
import { skipUnless } from '../../kit/installed.ts'
import { shareUnmigrated } from './unmigrated.ts'

describe('the script that migrates', { skip: skipUnless('postgres') }, () => {
  const { server, psql, runMigrate } = shareUnmigrated()

  async function runWith(change: (url: URL) => void) {
    const url = new URL(server().owner)
    change(url)
    const { code, output } = await runMigrate({ MIGRATE_DATABASE_URL: url.href })
    assert.equal(output.includes(url.password), false, 'it tells the password')
    return { code, output }
  }

  it('says that the password is wrong', async () => {
    const { code, output } = await runWith((url) => {
      url.password = 'planted-and-wrong'
    })

    assert.equal(code, 1)
    assert.equal(
      output,
      'No connection to the database: password authentication failed for user "sallyport_owner".\n',
    )
  })

  it('says that nobody listens there', async () => {
    const port = await freePort()

    const { code, output } = await runWith((url) => {
      url.port = String(port)
    })

    assert.equal(code, 1)
    assert.equal(output, `No connection to the database: connect ECONNREFUSED 127.0.0.1:${port}.\n`)
  })

  it('says that nobody listens at any address of the host', async () => {
    const port = await freePort()

    const { code, output } = await runWith((url) => {
      url.host = `localhost:${port}`
    })

    assert.equal(code, 1)
    assert.match(output, /^No connection to the database: (connect )?ECONNREFUSED.*\.\n$/)
  })

  it('says that there is no such database', async () => {
    const { code, output } = await runWith((url) => {
      url.pathname = '/nowhere'
    })

    assert.equal(code, 1)
    assert.equal(output, 'No connection to the database: database "nowhere" does not exist.\n')
  })

  it('says that the role may not, where it is not the owner', async () => {
    const { code, output } = await runMigrate({ MIGRATE_DATABASE_URL: server().auth })

    assert.equal(code, 1)
    assert.equal(output, 'The migration failed: permission denied for function pg_advisory_lock.\n')
    assert.equal(await psql(`select to_regnamespace('auth') is null`), 't')
  })

  it('does not start without a URL', async () => {
    const { code, output } = await runMigrate({ MIGRATE_DATABASE_URL: 'planted' })

    assert.equal(code, 1)
    assert.match(output, /^MIGRATE_DATABASE_URL must be .*\.\n$/)
    assert.doesNotMatch(output, /planted/)
  })
})
