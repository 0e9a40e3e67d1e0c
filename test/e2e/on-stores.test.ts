/**
 * The tests of the real processes once more, with tokens in Redis and users in Postgres, and some of them with tokens in
 * Postgres, too; then a search of both.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { isTokenShape, keyOf } from '../../src/tokens/token.ts'
import { makeFolder } from '../kit/daemon.ts'
import { demoClient, demoCredentials } from '../kit/demo.ts'
import { skipUnless } from '../kit/installed.ts'
import { startProvisioned } from '../kit/provisioned.ts'
import { startRedis } from '../kit/redis.ts'
import { redisUsers } from '../kit/redis-users.ts'
import { findSecrets, findTokens } from '../kit/secret-search.ts'
import { share } from '../kit/shared-servers.ts'
import { dumpOfPostgres, dumpOfRedis, keepsEveryWrite } from '../kit/store-dumps.ts'
import { runTestFiles, type SuiteRun } from '../kit/suite-run.ts'
import { recordedSecrets } from '../kit/used-secrets.ts'

/** What would run in vain, and why. */
const leftOut: Readonly<Record<string, string>> = {
  'account-life': 'reads mails, which any auth on these stores may send to a folder of its own',
  'account-secrets': 'has stores of its own',
  accounts: 'has stores of its own',
  administrators: 'has stores of its own',
  'accidents-in-process': 'has parts of servers in its own process, which are on memory',
  'accidents-of-accounts': 'has parts of servers in its own process',
  analytics: 'has stores of its own',
  'audited-scripts': 'has stores of its own',
  'counted-once': 'has stores of its own',
  'create-user': 'refuses stores that it names itself',
  'end-session-unsure': 'has stores of its own',
  'ended-logins': 'has stores of its own',
  'ended-users': 'has stores of its own',
  'followed-accounts': 'has stores of its own',
  imports: 'starts no server',
  'login-from-new-place': 'has stores of its own',
  'killed-between-stores': 'has stores of its own',
  memory: 'holds on memory alone',
  'memory-default': 'holds on memory alone',
  moderators: 'has parts of servers in its own process, which are on memory',
  'on-stores': 'is this one',
  postman: 'says itself what the stores are',
  production: 'has stores of its own',
  'several-of-each': 'has stores of its own',
  'unknown-address': 'has stores of its own',
}

/** Each kind of token and of password is used by these. */
const alsoWithTokensInPostgres = ['accidents', 'accidents-of-running', 'jwt-sessions', 'secrets']

const folder = fileURLToPath(new URL('.', import.meta.url))
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.test.js'))
  .map((file) => file.slice(0, -'.test.js'.length))

/** Looks like a token and is planted in both stores: a search that does not find it finds nothing. */
const control = `sp_s_${'c'.repeat(12)}_${randomBytes(32).toString('base64url')}`

describe('The servers on Redis and Postgres', {
  skip: skipUnless('redis-server', 'postgres'),
}, () => {
  const done = share(runOnStores)

  it('leave out only test files that are there', () => {
    const unknown = Object.keys(leftOut).filter((name) => !names.includes(name))

    assert.deepEqual(unknown, [])
  })

  it('pass the tests that they pass on memory, all of them', () => {
    const { run } = done()

    assertGreen(run)
    assert.equal(run.count('tests') > 50, true, run.output)
  })

  it('pass some of them with tokens in Postgres', () => {
    const { runOnPostgres } = done()

    assertGreen(runOnPostgres)
    assert.equal(runOnPostgres.count('tests') > 10, true, runOnPostgres.output)
  })

  it('have kept in these stores what they were told', () => {
    const { dumps, secrets, secretsOnPostgres } = done()
    const written = dumps['append-only file of Redis'].toString('latin1')
    const held = dumps['dump of Postgres'].toString('latin1')
    const sessions = secrets.filter(isTokenShape)

    const unwritten = sessions.filter((one) => !written.includes(keyOf(one).hash))
    const inPostgres = secretsOnPostgres
      .filter(isTokenShape)
      .filter((one) => held.includes(keyOf(one).hash))

    assert.equal(sessions.length > 20, true)
    assert.deepEqual(unwritten, [])
    // Where the machine is slow, the sessions have died by now.
    const tokenKey = /^sallyport:auth:\{[\w-]{12}\}:t:(session|service):/m
    assert.match(dumps['keys of Redis'].toString(), tokenKey)
    assert.equal(dumps['snapshot of Redis'].includes('sallyport:auth:{'), true)
    assert.equal(held.includes(demoCredentials.username), true)
    const kinds = new Set(inPostgres.map((one) => one.slice(0, 4)))
    assert.deepEqual(kinds, new Set(['sp_s', 'sp_c'])) // but for those who have logged out
    assert.equal(inPostgres.length > 5, true, `${inPostgres.length}`)
  })

  it('have kept no token, password or secret in any of them', () => {
    const { dumps, secrets, secretsOnPostgres, passwords } = done()
    for (const needed of [demoCredentials.password, demoClient.secret])
      for (const used of [secrets, secretsOnPostgres]) assert.equal(used.includes(needed), true)
    const all = [...new Set([...secrets, ...secretsOnPostgres]), ...passwords, control]

    const found = Object.entries(dumps).map(([name, bytes]) => [name, findSecrets(bytes, all)])

    assert.deepEqual(Object.fromEntries(found), {
      'keys of Redis': [{ secret: control, form: 'as it is' }],
      'append-only file of Redis': [{ secret: control, form: 'as it is' }],
      'snapshot of Redis': [{ secret: control, form: 'as it is' }],
      'dump of Postgres': [{ secret: control, form: 'as it is' }],
    })
  })

  it('have kept nothing that looks like a token, whoever got it', () => {
    const { dumps } = done()

    const found = Object.entries(dumps).map(([name, bytes]) => [name, findTokens(bytes)])

    assert.deepEqual(Object.fromEntries(found), {
      'keys of Redis': [control],
      'append-only file of Redis': [control],
      'snapshot of Redis': [control],
      'dump of Postgres': [control],
    })
  })
})

async function runOnStores(t: TestContext) {
  const users = redisUsers()
  const redis = await startRedis(t, {
    aclLines: users.lines,
    appendOnly: 'everysec',
    config: keepsEveryWrite,
  })
  const provisioned = await startProvisioned(t)
  const secretsFolder = makeFolder('used-secrets')
  t.after(() => rmSync(secretsFolder, { recursive: true }))
  const runFiles = async (some: readonly string[], tokenStore: string) => {
    const secretsFile = join(secretsFolder, new URL(tokenStore).protocol)
    const run = await runTestFiles(
      some.map((name) => `${folder}${name}.test.js`),
      {
        TEST_TOKEN_STORE: tokenStore,
        TEST_ACCOUNT_STORE: provisioned.auth,
        TEST_SECRETS_FILE: secretsFile,
      },
    )
    return { run, secrets: recordedSecrets(secretsFile) }
  }
  const redisUrl = redis.urlAs('sallyport_auth', users.authPassword)

  const onRedis = await runFiles(
    names.filter((name) => !isLeftOut(name)),
    redisUrl,
  )
  const onPostgres = await runFiles(alsoWithTokensInPostgres, provisioned.auth)

  await redis.cli('SET', 'control', control)
  await provisioned.postgres.psql(`create table control as select '${control}' as planted`)
  return {
    ...onRedis,
    runOnPostgres: onPostgres.run,
    secretsOnPostgres: onPostgres.secrets,
    dumps: { ...(await dumpOfRedis(redis)), ...(await dumpOfPostgres(provisioned.postgres)) },
    passwords: [redisUrl, provisioned.auth].map((url) => new URL(url).password),
  }
}

/** A skipped test is none, and a skipped \`describe\` is not counted. */
function assertGreen(run: SuiteRun): void {
  assert.doesNotMatch(run.output, /# SKIP/)
  const counts = ['fail', 'cancelled', 'skipped', 'todo'].map((name) => run.count(name))
  assert.deepEqual([run.code, ...counts], [0, 0, 0, 0, 0], run.output)
  assert.equal(run.count('pass'), run.count('tests'))
}

/** Those of one store start it themselves. */
function isLeftOut(name: string): boolean {
  return name in leftOut || /^(redis|postgres)-/.test(name)
}
