import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { capabilities as authCapabilities } from '../../../src/auth/capabilities.ts'
import { capabilities as businessCapabilities } from '../../../src/business/capabilities.ts'
import { migrationsOf } from '../../../src/storage/migration-folder.ts'
import { migrate } from '../../../src/storage/postgres/migrate.ts'
import { allMigrations, type Migration } from '../../../src/storage/postgres/migrations.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { shareUnmigrated } from './unmigrated.ts'

const core = allMigrations([])
/** What the script applies. */
const all = allMigrations(migrationsOf([...authCapabilities, ...businessCapabilities]))
const reports = all.map(({ owner, name }) => `applied ${owner}/${name}\n`)
/** The lock of the migrations, which no later version may change: the two would not see each other. */
const migrationLock = 7_216_953
const countWaiting = `select count(*) from pg_locks
  where locktype = 'advisory' and objid = ${migrationLock} and not granted`
const done = 'The schema is the one that this version needs.\n'

describe('the migrations', { skip: skipUnless('postgres') }, () => {
  const { psql, runMigrate, forget, describeDatabase, connectOwner } = shareUnmigrated()
  beforeEach(forget)

  it('make a fresh database ready, and are told one by one', async () => {
    const { code, output } = await runMigrate()

    assert.deepEqual({ code, output }, { code: 0, output: [...reports, done].join('') })
  })

  it('change nothing the second time', async () => {
    await runMigrate()
    const before = await describeDatabase()

    const { code, output } = await runMigrate()

    assert.deepEqual({ code, output }, { code: 0, output: done })
    assert.equal(await describeDatabase(), before)
  })

  it('are applied once by four processes that all came while another migrated', async (t) => {
    const another = await connectOwner(t)
    await another.query('select pg_advisory_lock($1)', [migrationLock])
    const started = Array.from({ length: 4 }, () => runMigrate())
    await waitUntil(async () => (await psql(countWaiting)) === '4', 20)

    await another.end()

    const runs = await Promise.all(started)
    assert.deepEqual(
      runs.map(({ code, output }) => ({ code, output })).filter(({ code }) => code !== 0),
      [],
    )
    const lines = runs.flatMap(({ output }) => output.split(/(?<=\n)/))
    assert.deepEqual(
      lines.filter((line) => line !== done),
      reports,
    )
    assert.equal(await psql('select count(*) from migrations.applied'), String(all.length))
  })

  it('are refused where an applied one was edited since, and then apply nothing else', async () => {
    await runMigrate()
    await psql(`
      delete from migrations.applied where owner = 'core' and number > 1;
      drop table auth.mark_changes;
      drop schema business cascade;
      update migrations.applied set checksum = 'of another text' where number = 1`)

    const { code, output } = await runMigrate()

    assert.equal(code, 1)
    assert.equal(
      output,
      `The migration core/${core[0]?.name} was edited after it had been applied. Restore it, and write a new one.\n`,
    )
    const left = all.length - core.length + 1
    assert.equal(await psql('select count(*) from migrations.applied'), String(left))
  })

  it('leave a database alone that is ahead of them', async () => {
    await runMigrate()
    await psql(`insert into migrations.applied values ('core', 999, '999-later.sql', 'a checksum')`)

    const { code, output } = await runMigrate()

    assert.deepEqual({ code, output }, { code: 0, output: done })
  })

  it('leave nothing half done where one fails, and say which', async (t) => {
    const client = await connectOwner(t)
    const failing = migration(core.length + 1, 'create table auth.half (id int); select 1 / 0;')
    const options = { hasUnloggedSessions: false, report: () => {} }

    const migrated = migrate(client, { migrations: [...core, failing], ...options })

    await assert.rejects(migrated, {
      name: 'StartError',
      message: `The migration core/${failing.name} failed: division by zero.`,
    })
    assert.equal(await psql(`select to_regclass('auth.half') is null`), 't')
    assert.equal(await psql('select count(*) from migrations.applied'), String(core.length))
  })

  it('go on where one failed, once it is mended', async (t) => {
    const client = await connectOwner(t)
    const report: string[] = []
    const apply = (sql: string) =>
      migrate(client, {
        migrations: [...core, migration(core.length + 1, sql)],
        hasUnloggedSessions: false,
        report: (line) => void report.push(line),
      })
    await assert.rejects(apply('select 1 / 0'))
    report.length = 0

    await apply('create table auth.whole (id int)')

    assert.deepEqual(report, [`applied core/${migration(core.length + 1, '').name}`])
    assert.equal(await psql(`select to_regclass('auth.whole') is null`), 'f')
  })

  it('say that one failed whose connection was cut', async (t) => {
    const client = await connectOwner(t)
    const cutting = migration(core.length + 1, 'select pg_terminate_backend(pg_backend_pid())')
    const options = { hasUnloggedSessions: false, report: () => {} }

    const migrated = migrate(client, { migrations: [...core, cutting], ...options })

    await assert.rejects(migrated, {
      message: `The migration core/${cutting.name} failed: terminating connection due to administrator command.`,
    })
  })
})

function migration(number: number, sql: string): Migration {
  const name = `${String(number).padStart(3, '0')}-test.sql`
  return { owner: 'core', number, name, sql, checksum: `of ${sql}` }
}
