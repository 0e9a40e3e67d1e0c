import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { connectClient } from '../../kit/database-client.ts'
import { databaseName, type Role } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { share } from '../../kit/shared-servers.ts'

/** SQLSTATE of a right that is missing. */
const insufficientPrivilege = '42501'
const tablesOfAuth = ['sessions', 'tokens', 'marks', 'mark_changes', 'users']
const tryLock = 'select pg_try_advisory_xact_lock(1)'
const locks = [
  'select pg_advisory_lock(1)',
  'select pg_advisory_lock(1, 1)',
  'select pg_advisory_lock_shared(1)',
  'select pg_advisory_xact_lock(1)',
  'select pg_advisory_xact_lock_shared(1)',
  'select pg_try_advisory_lock(1)',
  'select pg_try_advisory_lock(1, 1)',
  'select pg_try_advisory_lock_shared(1)',
  'select pg_try_advisory_xact_lock(1, 1)',
  'select pg_try_advisory_xact_lock_shared(1)',
]
const authUser = `insert into auth.users values ('id', 'username', 'name', 'hash', false)`

describe('the roles in a migrated database', { skip: skipUnless('postgres') }, () => {
  const shared = share(async (context) => {
    const provisioned = await startProvisioned(context)
    await provisioned.postgres.psql(
      `${authUser}; create table business.notes (id int); insert into business.notes values (1)`,
      databaseName,
    )
    return provisioned
  })

  async function assertMayNot(t: TestContext, role: Role, statements: readonly string[]) {
    const { ask } = await connectClient(t, shared()[role])
    for (const statement of statements)
      await assert.rejects(ask(statement), { code: insufficientPrivilege }, statement)
  }

  it('let auth make nothing: no schema, no table, no temporary one, no function', async (t) => {
    await assertMayNot(t, 'auth', [
      'create schema mine',
      'create table auth.mine (id int)',
      'create table public.mine (id int)',
      'create table business.mine (id int)',
      'create temporary table mine (id int)',
      'select 1 as id into auth.mine',
      "create function auth.mine() returns int language sql as 'select 1'",
    ])
  })

  it('let auth change none of its tables', async (t) => {
    for (const table of tablesOfAuth)
      await assertMayNot(t, 'auth', [
        `truncate auth.${table}`,
        `drop table auth.${table}`,
        `alter table auth.${table} add column mine text`,
        `create index on auth.${table} (mine)`,
      ])
    await assertMayNot(t, 'auth', ['drop schema auth cascade'])
  })

  it('let auth see nothing of business, and nothing of what was migrated be changed', async (t) => {
    await assertMayNot(t, 'auth', [
      'select * from business.notes',
      'delete from business.notes',
      `update migrations.applied set checksum = ''`,
      'delete from migrations.applied',
      `insert into migrations.applied values ('core', 999, '', '')`,
      'truncate migrations.applied',
    ])
  })

  it('let auth change the password hash of a user, and never whose it is', async (t) => {
    const { ask } = await connectClient(t, shared().auth)

    await assertMayNot(t, 'auth', [`update auth.users set id = 'another'`])

    const changed = await ask(`update auth.users set password_hash = 'another' returning id`)
    assert.deepEqual(changed, [['id']])
  })

  it('let business see and change nothing of auth', async (t) => {
    for (const table of tablesOfAuth)
      await assertMayNot(t, 'business', [
        `select * from auth.${table}`,
        `select count(*) from auth.${table}`,
        `delete from auth.${table}`,
        `truncate auth.${table}`,
        `drop table auth.${table}`,
      ])
    await assertMayNot(t, 'business', [authUser, `update auth.users set password_hash = 'another'`])
  })

  it('let business make nothing yet, nor change what was migrated', async (t) => {
    await assertMayNot(t, 'business', [
      'create schema mine',
      'create table business.mine (id int)',
      'create table public.mine (id int)',
      'create temporary table mine (id int)',
      'delete from migrations.applied',
      `update migrations.applied set checksum = ''`,
    ])
  })

  it('let business hold up nobody by a lock, and fill the disk with nothing', async (t) => {
    await assertMayNot(t, 'business', [
      ...locks,
      tryLock,
      'select lo_create(0)',
      `select lo_from_bytea(0, 'mine')`,
      'select lo_creat(-1)',
      `select lo_put(1, 0, 'mine')`,
      `select lowrite(0, 'mine')`,
      'select lo_unlink(1)',
      ...[true, false].map((one) => `select pg_logical_emit_message(${one}, 'mine', 'mine')`),
      `select pg_logical_emit_message(false, 'mine', 'mine'::bytea)`,
    ])
  })

  it('let auth try the lock of the cleanup and take no other', async (t) => {
    const { ask } = await connectClient(t, shared().auth)

    const tried = await ask(tryLock)

    assert.deepEqual(tried, [['t']])
    await assertMayNot(t, 'auth', [
      ...locks,
      'select lo_create(0)',
      `select pg_logical_emit_message(false, 'mine', 'mine')`,
    ])
  })

  it('let nobody see the passwords of roles, files of the server or statements of others', async (t) => {
    const statements = [
      'select * from pg_authid',
      'select * from pg_shadow',
      `select pg_read_file('/etc/passwd')`,
      `copy (select 1) to '/tmp/mine'`,
      `copy (select 1) to program 'true'`,
      'set role postgres',
      'create role mine',
      'create database mine',
      'alter role sallyport_business superuser',
      'alter system set fsync = off',
    ]

    for (const role of ['owner', 'auth', 'business'] as const)
      await assertMayNot(t, role, statements)
  })

  it('let no server be the owner, who is no superuser himself', async (t) => {
    const { ask } = await connectClient(t, shared().owner)

    await assertMayNot(t, 'auth', ['set role sallyport_owner', 'set role sallyport_business'])
    await assertMayNot(t, 'business', ['set role sallyport_owner', 'set role sallyport_auth'])

    const powers = await ask(
      `select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls
      from pg_roles where rolname like 'sallyport%'`,
    )
    assert.deepEqual(powers, [['f'], ['f'], ['f']])
  })
})
