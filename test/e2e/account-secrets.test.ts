/**
 * The whole life of an account, with planted passwords and secrets, on Redis and Postgres; then all that was logged and
 * kept, ever or still, is searched for each secret that was used or handed out.
 */
import assert from 'node:assert/strict'
import { createDecipheriv, hkdfSync } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { keyOf } from '../../src/tokens/token.ts'
import { asToken, post } from '../kit/auth-calls.ts'
import { databaseName } from '../kit/database-roles.ts'
import { skipUnless } from '../kit/installed.ts'
import { mailFolder } from '../kit/mail-folder.ts'
import { livePlanted, planted } from '../kit/planted-life.ts'
import type { PostgresServer } from '../kit/postgres.ts'
import { spawnScript, startBoth, type Variables, waitUntil } from '../kit/processes.ts'
import { startProvisioned } from '../kit/provisioned.ts'
import { startRedis } from '../kit/redis.ts'
import { redisUsers } from '../kit/redis-users.ts'
import { findSecrets, findTokens } from '../kit/secret-search.ts'
import { share } from '../kit/shared-servers.ts'
import { dumpOfPostgres, dumpOfRedis, keepsEveryWrite } from '../kit/store-dumps.ts'

describe('The secrets of an account', {
  skip: skipUnless('redis-server', 'postgres', 'pg_dumpall'),
  timeout: 240_000,
}, () => {
  const lived = share(live)

  it('are in no log and no store, in whatever form', () => {
    const { places, secrets } = lived()
    const names = new Map([...secrets].map(([what, secret]) => [secret, what]))

    const found = Object.entries(places).flatMap(([place, bytes]) =>
      findSecrets(bytes, [...secrets.values()]).map(
        ({ secret, form }) => `${place}: ${names.get(secret)} ${form}`,
      ),
    )

    assert.ok(secrets.size > 30)
    assert.deepEqual(found, [])
  })

  it('have left nothing there that looks like one, whoever got it', () => {
    for (const [place, bytes] of Object.entries(lived().places)) {
      assert.deepEqual(findTokens(bytes), [], place)
      assert.doesNotMatch(bytes.toString('latin1'), /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/, place)
    }
  })

  it('are searched for where all is found that belongs there', () => {
    const { places, known } = lived()

    const missing = Object.entries(known).flatMap(([place, texts]) =>
      texts
        .filter((text) => findSecrets(places[place] ?? Buffer.of(), [text]).length === 0)
        .map((text) => `${place}: ${text}`),
    )

    assert.deepEqual(Object.keys(known), Object.keys(places))
    assert.deepEqual(missing, [])
  })
})

async function live(t: TestContext) {
  const users = redisUsers()
  const redis = await startRedis(t, {
    aclLines: users.lines,
    appendOnly: 'everysec',
    config: keepsEveryWrite,
  })
  const { auth: ACCOUNT_STORE, postgres } = await startProvisioned(t)
  const { MAIL_DIR, nextToken } = mailFolder(t)
  const ownSecrets = {
    KEY_ENCRYPTION_SECRET: planted('key'),
    AUDIT_HASH_SECRET: planted('hash'),
    BUSINESS_CLIENT_SECRET: planted('business'),
  }
  const TOKEN_STORE = redis.urlAs('sallyport_auth', users.authPassword)
  const variables = { ...ownSecrets, TOKEN_STORE, ACCOUNT_STORE, MAIL_DIR, LOG_LEVEL: 'debug' }
  const administrator = { username: 'ada@example.com', password: planted('administrator') }
  const named = ['--username', administrator.username, '--name', 'Ada']
  const ADMINISTRATOR_PASSWORD = administrator.password
  const made = await runScript(
    '../../src/auth/admin/main-create-administrator.js',
    { ...variables, ADMINISTRATOR_PASSWORD },
    named,
  )
  const { auth, business } = await startBoth(t, {
    ...variables,
    REGISTRATION: 'verified',
    REFRESH_RETRY_SECONDS: '60', // the sealed answers are there to be searched
  })

  const life = await livePlanted({
    ...{ auth: auth.url, business: business.url, nextToken, administrator },
  })
  const rotated = await runScript('../../src/auth/jwt/main-rotate-keys.js', variables)
  const [, address] = life.addresses
  renameSync(MAIL_DIR, `${MAIL_DIR}-before`)
  writeFileSync(MAIL_DIR, '') // where no mail can be written, the outbox keeps it
  await post(`${auth.url}/password-reset`, { json: { username: address } })
  const columns = 'template, sub, attempts, lease is null'
  const waiting = `accounts/reset|${life.id}|1|t`
  const read = (sql: string) => postgres.psql(sql, databaseName)
  await waitUntil(async () => (await read(`select ${columns} from auth.outbox`)) === waiting)
  auth.signal('SIGTERM') // the audit sums up what it has heard
  await auth.ended

  const secrets = new Map([
    ...life.secrets,
    ...Object.entries(ownSecrets),
    ['password of Redis', users.authPassword],
    ['password of Postgres', new URL(ACCOUNT_STORE).password],
    ...(await privateKeys(read, ownSecrets.KEY_ENCRYPTION_SECRET)),
  ])
  const places: Readonly<Record<string, Buffer>> = {
    'log of auth': Buffer.from(auth.output()),
    'log of business': Buffer.from(business.output()),
    'output of the scripts': Buffer.from(made + rotated),
    audit: Buffer.from(await read('select * from auth.audit_events')),
    outbox: Buffer.from(await read('select * from auth.outbox')),
    ...(await dumpOfPostgres(postgres)),
    'log of the writes of Postgres': writesOf(postgres),
    ...(await dumpOfRedis(redis)),
  }
  const { id, addresses } = life
  const hashOf = (what: string) => keyOf(asToken(secrets.get(what))).hash
  const last = hashOf('session at the end')
  const known: Readonly<Record<keyof typeof places, readonly string[]>> = {
    'log of auth': [id],
    'log of business': ['"answered"'],
    'output of the scripts': [made.trim(), 'is current'],
    audit: [id, 'login_failed', 'password_changed', 'signing_key_rotated', 'client_created'],
    outbox: [id, 'accounts/reset'],
    'dump of Postgres': [id, address, 'client_created', 'accounts/reset'],
    'log of the writes of Postgres': [id, ...addresses, 'accounts/verify', 'accounts/reset'],
    'keys of Redis': [last],
    'append-only file of Redis': [hashOf('session of the first login'), last],
    'snapshot of Redis': [last],
  }
  return { places, known, secrets }
}

/** What it wrote, with the lines that its log has of it. */
async function runScript(
  script: string,
  variables: Variables,
  args: readonly string[] = [],
): Promise<string> {
  const { ended, output } = spawnScript(script, variables, args)
  const { code } = await ended
  assert.equal(code, 0, output())
  return output()
}

/** All that was ever written, also what has been removed since. */
function writesOf({ socketFolder }: PostgresServer): Buffer {
  const folder = join(socketFolder, 'data/pg_wal')
  const files = readdirSync(folder).filter((name) => /^[\dA-F]{24}$/.test(name))
  return Buffer.concat(files.map((name) => readFileSync(join(folder, name))))
}

/** The private halves, by the kids of their keys: opened as auth opens them. */
async function privateKeys(
  read: (sql: string) => Promise<string>,
  secret: string,
): Promise<[string, string][]> {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'sallyport signing keys', 32))
  const rows = (await read('select kid, sealed from auth.signing_keys')).split('\n')
  assert.equal(rows.length, 2)
  return rows.map((row) => {
    const [kid = '', sealed = ''] = row.split('|')
    const bytes = Buffer.from(sealed, 'base64url')
    const opening = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      .setAAD(Buffer.from(kid))
      .setAuthTag(bytes.subarray(-16))
    const text = Buffer.concat([opening.update(bytes.subarray(12, -16)), opening.final()])
    const { d } = JSON.parse(text.toString()) as { d: string } // it is a private JWK
    return [`private key ${kid}`, d]
  })
}
