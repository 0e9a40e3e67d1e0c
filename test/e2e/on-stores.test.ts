/** The tests of the real processes once more, with tokens in Redis and users in Postgres; then a search of both. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
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
import { runTestFiles } from '../kit/suite-run.ts'
import { recordedSecrets } from '../kit/used-secrets.ts'

/** What would run in vain, and why. */
const leftOut: Readonly<Record<string, string>> = {
  accounts: 'has stores of its own',
  'accidents-in-process': 'has parts of servers in its own process, which are on memory',
  'create-user': 'refuses stores that it names itself',
  imports: 'starts no server',
  memory: 'holds on memory alone',
  'memory-default': 'holds on memory alone',
  'on-stores': 'is this one',
  production: 'has stores of its own',
  'several-of-each': 'has stores of its own',
}

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

    assert.doesNotMatch(run.output, /# SKIP/) // a skipped `describe` is not counted
    const counts = ['fail', 'cancelled', 'skipped', 'todo'].map((name) => run.count(name))

    assert.deepEqual([run.code, ...counts], [0, 0, 0, 0, 0], run.output)
    assert.equal(run.count('tests') > 50, true, run.output)
    assert.equal(run.count('pass'), run.count('tests'))
  })

  it('have kept in these stores what they were told', () => {
    const { dumps, secrets } = done()
    const written = dumps['append-only file of Redis'].toString('latin1')
    const sessions = secrets.filter(isTokenShape).filter((one) => one !== control)

    const unwritten = sessions.filter((one) => !written.includes(keyOf(one).hash))

    assert.equal(sessions.length > 20, true)
    assert.deepEqual(unwritten, [])
    assert.match(dumps['keys of Redis'].toString(), /^sallyport:auth:\{[\w-]{12}\}:t:session:/m)
    assert.equal(dumps['snapshot of Redis'].includes('sallyport:auth:{'), true)
    assert.equal(dumps['dump of Postgres'].includes(demoCredentials.username), true)
  })

  it('have kept no token, password or secret in any of them', () => {
    const { dumps, secrets } = done()

    const found = Object.entries(dumps).map(([name, bytes]) => [name, findSecrets(bytes, secrets)])

    for (const needed of [demoCredentials.password, demoClient.secret, control]) {
      assert.equal(secrets.includes(needed), true)
    }
    assert.deepEqual(Object.fromEntries(found), {
      'keys of Redis': [{ secret: control, form: 'as it is' }],
      'append-only file of Redis': [{ secret: control, form: 'as it is' }],
      'snapshot of Redis': [{ secret: control, form: 'as it is' }],
      'dump of Postgres': [{ secret: control, form: 'as 32 bytes, hexadecimal' }],
    })
  })

  it('have kept nothing that looks like a token, whoever got it', () => {
    const { dumps } = done()

    const found = Object.entries(dumps).map(([name, bytes]) => [name, findTokens(bytes)])

    assert.deepEqual(Object.fromEntries(found), {
      'keys of Redis': [control],
      'append-only file of Redis': [control],
      'snapshot of Redis': [control],
      'dump of Postgres': [],
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
  const secretsFile = join(makeFolder('used-secrets'), 'secrets')
  const stores = {
    TEST_TOKEN_STORE: redis.urlAs('sallyport_auth', users.authPassword),
    TEST_ACCOUNT_STORE: provisioned.auth,
  }

  const files = names.filter((name) => !isLeftOut(name)).map((name) => `${folder}${name}.test.js`)
  const run = await runTestFiles(files, { ...stores, TEST_SECRETS_FILE: secretsFile })

  await redis.cli('SET', 'control', control)
  const hexadecimal = Buffer.from(control.slice(-43), 'base64url').toString('hex')
  await provisioned.postgres.psql(`create table control as select '${hexadecimal}' as planted`)
  const dumps = { ...(await dumpOfRedis(redis)), ...(await dumpOfPostgres(provisioned.postgres)) }
  const passwords = Object.values(stores).map((url) => new URL(url).password)
  return { run, dumps, secrets: [...recordedSecrets(secretsFile), ...passwords, control] }
}

/** Those of one store start it themselves. */
function isLeftOut(name: string): boolean {
  return name in leftOut || /^(redis|postgres)-/.test(name)
}
