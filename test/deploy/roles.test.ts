import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { Client } from 'pg'
import type { Lifetime } from '../kit/daemon.ts'
import { pathOf, skipUnless } from '../kit/installed.ts'
import { type PostgresServer, startPostgres } from '../kit/postgres.ts'
import { share } from '../kit/shared-servers.ts'

const run = promisify(execFile)

/** What a shell, SQL or psql could take for something else. */
const passwords = {
  owner: `o'w"n\\er $HOME \`id\` :name %s ;--`,
  auth: "it's :'x' \\' $$ E'\\n' ''",
  business: ' plain with spaces and ünïcode 🔑 ',
}

type Passwords = typeof passwords

describe('the roles of Postgres', { skip: skipUnless('postgres', 'psql') }, () => {
  const shared = share(startProvisioned)

  it('log in with passwords of whatever characters', async (t) => {
    const { postgres } = shared()

    const users = await Promise.all(
      (['owner', 'auth', 'business'] as const).map((name) =>
        ask(t, postgres, name, 'select current_user'),
      ),
    )

    assert.deepEqual(users, ['sallyport_owner', 'sallyport_auth', 'sallyport_business'])
  })

  it('may not make roles or databases, nor pass by rules for rows', async () => {
    const { postgres } = shared()

    const powers = await postgres.psql(
      `select bool_or(rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)
       from pg_roles where rolname like 'sallyport%'`,
    )

    assert.equal(powers, 'f')
  })

  it('do not have the rights of the owner', async (t) => {
    const { postgres } = shared()
    await ask(t, postgres, 'owner', 'create schema kept; create table kept.secrets (id int)')
    const attempts = [
      'create schema mine',
      'create table public.mine (id int)',
      'create temporary table mine (id int)',
      'select * from kept.secrets',
      'drop schema kept cascade',
      'create role mine',
      'set role sallyport_owner',
      "copy (select 1) to program 'true'",
      'select * from pg_authid',
      'alter system set fsync = off',
    ]

    for (const role of ['auth', 'business'] as const) {
      for (const statement of attempts) {
        await assert.rejects(
          ask(t, postgres, role, statement),
          /permission denied|must be (owner|superuser)/,
          statement,
        )
      }
    }
  })

  it('may not connect to any other database', async (t) => {
    const { postgres } = shared()

    for (const database of ['postgres', 'template1']) {
      for (const role of ['owner', 'auth', 'business'] as const) {
        const asked = ask(t, postgres, role, 'select 1', database)
        await assert.rejects(asked, /permission denied for database/)
      }
    }
  })

  it('have limits to how long a statement or an idle transaction of a server may take', async (t) => {
    const { postgres } = shared()
    const statement = `select current_setting('statement_timeout') || ' ' ||
      current_setting('idle_in_transaction_session_timeout')`

    const limits = await Promise.all([
      ask(t, postgres, 'auth', statement),
      ask(t, postgres, 'business', statement),
    ])

    assert.deepEqual(limits, ['5s 5s', '5s 5s'])
  })

  it('leave no password in the log, though it logs every statement', async () => {
    const { postgres, output } = shared()

    const log = postgres.output()

    assert.match(log, /statement: .*log_statement/) // what ran before the log was switched off
    assert.doesNotMatch(log, /password :|alter role/i)
    for (const password of Object.values(passwords)) {
      assert.ok(!`${log}${output}`.includes(password.trim()), password)
      assert.ok(!`${log}${output}`.includes(password.trim().replaceAll("'", "''")), password)
    }
  })

  it('are the same after a second run, and have the new passwords', async (t) => {
    const postgres = await startPostgres(t)
    await provision(postgres, passwords)
    await ask(t, postgres, 'owner', 'create schema auth')
    const before = await describeRoles(postgres)

    await provision(postgres, { ...passwords, auth: 'another' })

    assert.equal(await describeRoles(postgres), before)
    const old = ask(t, postgres, 'auth', 'select 1')
    await assert.rejects(old, /password authentication failed/)
    const client = ask(t, postgres, 'auth', 'select 1', 'sallyport', 'another')
    assert.equal(await client, 1)
  })

  it('are not made without a password', async (t) => {
    const postgres = await startPostgres(t)

    const provisioned = provision(postgres, { ...passwords, business: '' })

    await assert.rejects(provisioned, /BUSINESS_PASSWORD_FILE must name a file with a password\./)
    assert.equal(await postgres.psql("select 1 from pg_roles where rolname ~ 'sallyport'"), '')
  })
})

async function startProvisioned(t: Lifetime) {
  const settings = { log_statement: 'all', log_min_duration_statement: 0, log_duration: true }
  const postgres = await startPostgres(t, { settings })
  return { postgres, output: await provision(postgres, passwords) }
}

/** Runs the script as the image would, and gives what it printed. */
async function provision(
  { socketFolder, port }: PostgresServer,
  { owner, auth, business }: Passwords,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-passwords-'))
  const fileOf = (name: string, password: string) => {
    writeFileSync(join(folder, name), `${password}\n`.replace(/^\n$/, ''))
    return join(folder, name)
  }
  try {
    const { stdout, stderr } = await run('deploy/postgres/roles.sh', {
      env: {
        PATH: `${process.env.PATH}:${join(pathOf('postgres'), '..')}`,
        PGHOST: socketFolder,
        PGPORT: String(port),
        OWNER_PASSWORD_FILE: fileOf('owner', owner),
        AUTH_PASSWORD_FILE: fileOf('auth', auth),
        BUSINESS_PASSWORD_FILE: fileOf('business', business),
      },
    })
    return stdout + stderr
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Asks one thing as a role, and gives the first column of the first row. */
async function ask(
  t: Lifetime,
  { port }: PostgresServer,
  role: keyof Passwords,
  statement: string,
  database = 'sallyport',
  password: string = passwords[role],
): Promise<unknown> {
  const user = `sallyport_${role}`
  const client = new Client({ host: '127.0.0.1', port, user, password, database })
  t.after(() => client.end().catch(() => {})) // it may never have come in
  await client.connect()
  const result = await client.query({ text: statement, rowMode: 'array' })
  await client.end()
  return result.rows?.[0]?.[0]
}

async function describeRoles(postgres: PostgresServer): Promise<string> {
  return await postgres.psql(`
    select rolname, rolsuper, rolconnlimit, rolconfig from pg_roles where rolname ~ 'sallyport' order by 1;
    select datname, pg_get_userbyid(datdba), datacl from pg_database order by 1;`)
}
