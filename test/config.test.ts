import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { describe, it } from 'node:test'
import { type Config, type Environment, readConfig } from '../src/config.ts'
import { demoClientSecret } from '../src/variable-kinds.ts'
import { variables } from '../src/variables.ts'
import { makeAuthority } from './kit/authority.ts'
import { makeCertificate } from './kit/certificate.ts'
import {
  everyProgram,
  goodSecret,
  problemsOf,
  servers,
  wellKnownSentence,
  writeTestFile,
} from './kit/config-problems.ts'

describe('the configuration', () => {
  it('has a default for everything in a demo', () => {
    const expected: Config = {
      environment: 'demo',
      auth: { host: '127.0.0.1', port: 4000 },
      business: { host: '127.0.0.1', port: 4001 },
      authUrls: ['http://127.0.0.1:4000'],
      authCa: undefined,
      businessCertificate: undefined,
      client: { id: 'business', secret: demoClientSecret },
      lifetimes: { sessionTtlSeconds: 30, sessionCapSeconds: 43_200, serviceTtlSeconds: 300 },
      cleanupIntervalSeconds: 15,
      maxTokens: 1_000_000,
      stores: {
        tokens: { kind: 'memory' },
        accounts: { kind: 'memory' },
        content: { kind: 'memory' },
        events: { kind: 'memory' },
      },
      worksInside: true,
      redisWaitReplicas: 0,
      migration: { url: undefined, hasUnloggedSessions: false },
      newUserPassword: undefined,
      tls: undefined,
      trustedProxyHops: 0,
      corsOrigins: [],
      logLevel: 'info',
      shutdown: { delaySeconds: 0, graceSeconds: 10 },
      extensions: new Map(),
    }

    assert.deepEqual(readConfig({}, servers), expected)
  })

  it('takes every variable', (t) => {
    const { ca, caFile } = makeAuthority(t)
    const server = makeCertificate(t)
    const client = makeCertificate(t)
    const environment = everyVariable({ caFile, server, client })

    const config = readConfig(environment, everyProgram)

    assert.deepEqual(Object.keys(environment), Object.keys(variables))
    assert.deepEqual(config, {
      environment: 'production',
      auth: { host: '0.0.0.0', port: 0 },
      business: { host: '::1', port: 65_535 },
      authUrls: ['https://auth-1.example:8443', 'https://auth-2.example'],
      authCa: ca,
      businessCertificate: { cert: client.cert, key: client.key },
      client: { id: 'business-2.test', secret: goodSecret },
      lifetimes: { sessionTtlSeconds: 60, sessionCapSeconds: 60, serviceTtlSeconds: 1 },
      cleanupIntervalSeconds: 1,
      maxTokens: 1_001,
      stores: {
        tokens: {
          kind: 'redis',
          topology: 'cluster',
          isSecure: true,
          hosts: [
            { host: 'one', port: 6379 },
            { host: 'two', port: 7000 },
          ],
          username: 'me',
          password: 'secret',
          database: 0,
          masterName: '',
        },
        accounts: { kind: 'postgres', url: 'postgres://me:secret@db/sallyport' },
        content: { kind: 'postgres', url: 'postgres://me:secret@db/content' },
        events: {
          kind: 'redis',
          topology: 'single',
          isSecure: false,
          hosts: [{ host: 'one', port: 7000 }],
          username: 'me',
          password: 'secret',
          database: 0,
          masterName: '',
        },
      },
      worksInside: false,
      redisWaitReplicas: 10,
      migration: {
        url: { kind: 'postgres', url: 'postgres://owner:secret@db/sallyport' },
        hasUnloggedSessions: true,
      },
      newUserPassword: 'a long password',
      tls: { cert: server.cert, key: server.key, clientCa: ca },
      logLevel: 'warn',
      trustedProxyHops: 10,
      corsOrigins: ['https://app.example', 'http://[::1]:8080'],
      shutdown: { delaySeconds: 3_600, graceSeconds: 1 },
      extensions: new Map(),
    })
  })

  it('ignores variables that are not its own', () => {
    const environment = { PATH: '/bin', AUTH_PORT_FILE: '/nowhere' }

    assert.deepEqual(readConfig(environment, servers), readConfig({}, servers))
  })

  it('cannot be changed, at any depth', (t) => {
    const { caFile } = makeAuthority(t)
    const [server, client] = [makeCertificate(t), makeCertificate(t)]
    const config = readConfig(everyVariable({ caFile, server, client }), everyProgram)

    const checked: unknown[] = []
    const check = (part: unknown) => {
      if (typeof part !== 'object' || part === null) return
      assert.ok(Object.isFrozen(part), `${JSON.stringify(part).slice(0, 80)} can be changed`)
      checked.push(part)
      Object.values(part).forEach(check)
    }
    check(config)

    assert.ok(checked.length > 15)
  })
})

interface Files {
  readonly caFile: string
  readonly server: { readonly certFile: string; readonly keyFile: string }
  readonly client: { readonly certFile: string; readonly keyFile: string }
}

/** Each variable with a value that is not its default, where there is another. */
function everyVariable({ caFile, server, client }: Files): Environment {
  return {
    APP_ENV: 'production',
    AUTH_HOST: '0.0.0.0',
    AUTH_PORT: '0',
    BUSINESS_HOST: '::1',
    BUSINESS_PORT: '65535',
    AUTH_URL: 'https://auth-1.example:8443/,https://auth-2.example:443',
    BUSINESS_CLIENT_ID: 'business-2.test',
    BUSINESS_CLIENT_SECRET: goodSecret,
    SESSION_TTL_SECONDS: '60',
    SESSION_CAP_SECONDS: '60',
    SERVICE_TTL_SECONDS: '1',
    CLEANUP_INTERVAL_SECONDS: '1',
    MAX_TOKENS: '1001',
    TOKEN_STORE: 'rediss://me:secret@one,two:7000',
    ACCOUNT_STORE: 'postgres://me:secret@db/sallyport',
    CONTENT_STORE: 'postgres://me:secret@db/content',
    EVENTS: 'redis://me:secret@one:7000',
    WORKERS: 'apart',
    REDIS_WAIT_REPLICAS: '10',
    POSTGRES_UNLOGGED_SESSIONS: 'true',
    MIGRATE_DATABASE_URL: 'postgres://owner:secret@db/sallyport',
    NEW_USER_PASSWORD: 'a long password',
    TLS_CERT_FILE: server.certFile,
    TLS_KEY_FILE: server.keyFile,
    TRUSTED_PROXY_HOPS: '10',
    CORS_ORIGINS: 'https://app.example,http://[::1]:8080',
    MTLS_CLIENT_CA_FILE: caFile,
    AUTH_CA_FILE: caFile,
    BUSINESS_TLS_CERT_FILE: client.certFile,
    BUSINESS_TLS_KEY_FILE: client.keyFile,
    LOG_LEVEL: 'warn',
    SHUTDOWN_DELAY_SECONDS: '3600',
    SHUTDOWN_GRACE_SECONDS: '1',
  }
}

describe('a bad value', () => {
  const secondsUpTo = (most: number, least = 1) => `a whole number from ${least} to ${most}`
  const year = 31_536_000
  const address =
    'an http or https address without path, query or credentials, or several of one scheme with commas between them'
  const origin =
    'an http or https origin, in lower case, without a slash at its end and without the port that its scheme has anyway, or several with commas between them'
  const host = 'a host name or an IP address'
  const clientId = '1 to 64 letters, digits, dots, hyphens and underscores'
  const secret = '32 to 256 printable ASCII characters without spaces'
  const tokenStore = 'memory: or the URL of a Redis or of a Postgres'
  const accountStore = 'memory: or the URL of a Postgres'
  const contentStore = accountStore
  const events = 'memory: or the URL of a Redis'
  const database = 'the URL of a Postgres'
  const flag = 'true or false'
  const certificates = 'the path of a file with certificates in PEM'
  const readable = 'the path of a readable file'
  const vectors: readonly (readonly [name: string, expected: string, ...bad: string[]])[] = [
    ['APP_ENV', 'one of demo, production', '', 'Demo', 'test', ' demo'],
    ['AUTH_HOST', host, '', 'http://a', 'a b'],
    ['AUTH_PORT', secondsUpTo(65_535, 0), '', '65536', 'http'],
    ['BUSINESS_HOST', host, ''],
    ['BUSINESS_PORT', secondsUpTo(65_535, 0), '', '65536'],
    ['AUTH_URL', address, '', '127.0.0.1:4000', 'ftp://auth.example', 'http://'],
    ['AUTH_URL', address, 'http://auth.example/path', 'http://auth.example?query', 'http://a.b#c'],
    ['AUTH_URL', address, 'http://user:password@auth.example', 'http://auth.example:99999'],
    ['BUSINESS_CLIENT_ID', clientId, '', 'a b', 'a:b', 'é', 'a'.repeat(65)],
    ['BUSINESS_CLIENT_SECRET', secret, '', 'a'.repeat(31), 'a'.repeat(257)],
    ['BUSINESS_CLIENT_SECRET', secret, `${goodSecret} `, `${goodSecret}é`, `${goodSecret}\n`],
    ['SESSION_TTL_SECONDS', secondsUpTo(year), '', '0', String(year + 1)],
    ['SESSION_CAP_SECONDS', secondsUpTo(year), '', '0', String(year + 1), 'never'],
    ['SERVICE_TTL_SECONDS', secondsUpTo(year), '', '0', String(year + 1)],
    ['CLEANUP_INTERVAL_SECONDS', secondsUpTo(86_400), '', '0', '86401'],
    ['MAX_TOKENS', secondsUpTo(10_000_000, 1_001), '', '1000', '10000001'],
    ['AUTH_URL', address, 'http://a.b,', ',http://a.b', 'http://a.b, http://c.d', 'http://a b'],
    ['AUTH_URL', address, 'http://a.b,https://c.d', 'http://a.b,http://a.b:80/', 'http://a.b,x'],
    ['TOKEN_STORE', tokenStore, '', 'memory', 'memory://', 'redis://', 'mysql://127.0.0.1/x'],
    ['ACCOUNT_STORE', accountStore, '', 'postgres://127.0.0.1', 'redis://127.0.0.1'],
    ['CONTENT_STORE', contentStore, '', 'file:', 'postgres://127.0.0.1', 'redis://127.0.0.1'],
    ['EVENTS', events, '', 'file:', 'postgres://127.0.0.1/x'],
    ['WORKERS', 'one of inside, apart', '', 'Inside', '1'],
    ['REDIS_WAIT_REPLICAS', secondsUpTo(10, 0), '', '11', '-1', 'all'],
    ['POSTGRES_UNLOGGED_SESSIONS', flag, '', '0', '1', 'True', 'yes', 'false '],
    ['MIGRATE_DATABASE_URL', database, '', 'memory:', 'redis://127.0.0.1', 'postgres://127.0.0.1'],
    ['NEW_USER_PASSWORD', 'a password, or left out', ''],
    ['TRUSTED_PROXY_HOPS', secondsUpTo(10, 0), '', '11', 'true'],
    [
      'CORS_ORIGINS',
      origin,
      '',
      '*',
      'null',
      'app.example',
      'ftp://app.example',
      'https://*.example',
    ],
    ['CORS_ORIGINS', origin, 'https://App.example', 'https://app.example/', 'https://a.b:443'],
    ['CORS_ORIGINS', origin, 'https://a.b, https://c.d', 'https://a.b,', 'https://a.b,https://a.b'],
    ['MTLS_CLIENT_CA_FILE', certificates, '', '/nowhere/at/all', tmpdir()],
    ['AUTH_CA_FILE', certificates, '', '/nowhere/at/all', tmpdir()],
    ['LOG_LEVEL', 'one of debug, info, warn, error', '', 'INFO', 'trace'],
    ['SHUTDOWN_DELAY_SECONDS', secondsUpTo(3_600, 0), '', '3601'],
    ['SHUTDOWN_GRACE_SECONDS', secondsUpTo(3_600), '', '0', '3601'],
  ]

  /** What the scripts cannot do without. */
  const postgres = 'postgres://127.0.0.1/sallyport'
  const forScripts = {
    APP_ENV: 'demo',
    MIGRATE_DATABASE_URL: postgres,
    ACCOUNT_STORE: postgres,
  }

  it('gets one sentence that names its variable and says what it must be', () => {
    for (const [name, expected, ...bad] of vectors)
      for (const value of bad)
        assert.deepEqual(problemsOf({ ...forScripts, [name]: value }, everyProgram), [
          `${name} must be ${expected}.`,
        ])
  })

  it('gets its sentence for every variable', () => {
    const files = ['TLS_CERT_FILE', 'TLS_KEY_FILE']
    const covered = new Set(vectors.map(([name]) => name))
    for (const name of files) covered.add(name).add(`BUSINESS_${name}`)

    assert.deepEqual([...covered].sort(), Object.keys(variables).sort())
  })

  it('gets one sentence where it is the path of no file', (t) => {
    const { certFile, keyFile } = makeCertificate(t)

    for (const prefix of ['', 'BUSINESS_']) {
      const [certName, keyName] = [`${prefix}TLS_CERT_FILE`, `${prefix}TLS_KEY_FILE`]
      for (const path of ['', '/nowhere/at/all', tmpdir()]) {
        const badCert = { [certName]: path, [keyName]: keyFile }
        const badKey = { [certName]: certFile, [keyName]: path }
        assert.deepEqual(problemsOf(badCert), [`${certName} must be ${readable}.`])
        assert.deepEqual(problemsOf(badKey), [`${keyName} must be ${readable}.`])
      }
    }
  })

  it('gets one sentence where it is a file of authorities without any, or with a broken one', (t) => {
    const { ca } = makeAuthority(t)
    const broken = ca.replace(/[A-Za-z]{20}/, 'A'.repeat(20))
    const contents = ['', 'no certificate', makeCertificate(t).key, broken, `${ca}${broken}`]

    for (const content of contents) {
      const problems = problemsOf({ AUTH_CA_FILE: writeTestFile(t, content) })
      assert.deepEqual(problems, [`AUTH_CA_FILE must be ${certificates}.`])
    }
  })

  it('is a number in any form but digits', () => {
    const bad = ['0x10', ' 5', '5 ', '1e3', '-1', '+5', '5.0', '5s', '٥', '5\n', 'NaN', '1_000']

    for (const value of bad)
      assert.equal(problemsOf({ SHUTDOWN_DELAY_SECONDS: value }).length, 1, JSON.stringify(value))
  })

  it('is reported together with all others', () => {
    const problems = problemsOf({
      AUTH_PORT: 'x',
      AUTH_URL: 'x',
      MAX_TOKENS: 'x',
      LOG_LEVEL: 'x',
      TLS_CERT_FILE: '/nowhere/at/all',
      TLS_KEY_FILE: '/nowhere/at/all',
    })

    const names = ['AUTH_PORT', 'AUTH_URL', 'MAX_TOKENS', 'TLS_CERT_FILE', 'TLS_KEY_FILE']
    assert.deepEqual(
      problems.map((problem) => problem.split(' ')[0]),
      [...names, 'LOG_LEVEL'],
    )
  })

  it('is refused for a host that others can reach in the demo, whose secrets everybody knows', () => {
    const sentence = (name: string) =>
      `${name} must be a loopback address in the demo: everybody knows its secrets.`

    assert.deepEqual(problemsOf({ AUTH_HOST: '0.0.0.0' }), [sentence('AUTH_HOST')])
    assert.deepEqual(problemsOf({ BUSINESS_HOST: '::' }), [sentence('BUSINESS_HOST')])
    for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) {
      assert.equal(readConfig({ AUTH_HOST: host }, servers).auth.host, host)
    }
  })

  it('does not hide what is wrong with variables that belong together', () => {
    const problems = problemsOf({
      APP_ENV: 'production',
      AUTH_PORT: 'x',
      SESSION_TTL_SECONDS: '31',
      SESSION_CAP_SECONDS: '30',
      TOKEN_STORE: 'redis://127.0.0.1',
      ACCOUNT_STORE: 'postgres://127.0.0.1/sallyport',
      TRUSTED_PROXY_HOPS: '1',
    })

    assert.deepEqual(problems, [
      'AUTH_PORT must be a whole number from 0 to 65535.',
      wellKnownSentence,
      'SESSION_CAP_SECONDS must not be less than SESSION_TTL_SECONDS.',
    ])
  })

  it('is never repeated in a problem', () => {
    const planted = 'planted value'
    const everything = Object.keys(variables).map((name) => [name, planted])

    const problems = problemsOf(
      {
        ...Object.fromEntries(everything),
        AUTH_HOST: '',
        BUSINESS_HOST: '',
        BUSINESS_CLIENT_SECRET_FILE: planted,
        NEW_USER_PASSWORD_FILE: planted,
      },
      everyProgram,
    )

    assert.ok(problems.length >= Object.keys(variables).length)
    assert.ok(problems.every((problem) => !problem.includes('planted')))
  })
})

describe('a secret from a file', () => {
  it('is taken without the newline at its end', (t) => {
    const withNewline = writeTestFile(t, `${goodSecret}\n`)
    const withReturn = writeTestFile(t, `${goodSecret}\r\n`)
    const without = writeTestFile(t, goodSecret)

    for (const path of [withNewline, withReturn, without])
      assert.equal(
        readConfig({ BUSINESS_CLIENT_SECRET_FILE: path }, servers).client.secret,
        goodSecret,
      )
  })

  it('is refused with a second newline or when it is empty', (t) => {
    const twoNewlines = writeTestFile(t, `${goodSecret}\n\n`)
    const empty = writeTestFile(t, '')

    for (const path of [twoNewlines, empty])
      assert.equal(problemsOf({ BUSINESS_CLIENT_SECRET_FILE: path }).length, 1)
  })

  it('is refused beside the secret itself', (t) => {
    const path = writeTestFile(t, goodSecret)

    const problems = problemsOf({
      BUSINESS_CLIENT_SECRET: goodSecret,
      BUSINESS_CLIENT_SECRET_FILE: path,
    })

    assert.deepEqual(problems, [
      'BUSINESS_CLIENT_SECRET and BUSINESS_CLIENT_SECRET_FILE are both set; one of them must go.',
    ])
  })

  it('is refused where the file cannot be read, and the demo secret does not take its place', () => {
    const sentence = 'BUSINESS_CLIENT_SECRET_FILE must be the path of a readable file.'

    assert.deepEqual(problemsOf({ BUSINESS_CLIENT_SECRET_FILE: '/nowhere/at/all' }), [sentence])
    assert.deepEqual(problemsOf({ BUSINESS_CLIENT_SECRET_FILE: '' }), [sentence])
  })

  it('can be the URL of a store, which may hold a password', (t) => {
    const path = writeTestFile(t, 'postgres://auth:secret@127.0.0.1/sallyport\n')

    const environment = { APP_ENV: 'demo', TOKEN_STORE_FILE: path, ACCOUNT_STORE_FILE: path }
    const { stores } = readConfig(environment, servers)

    const url = 'postgres://auth:secret@127.0.0.1/sallyport'
    assert.deepEqual(stores.tokens, { kind: 'postgres', url })
    assert.deepEqual(stores.accounts, { kind: 'postgres', url })
  })

  it('can be the password of a new user, or the URL of the owner of the database', (t) => {
    const password = writeTestFile(t, 'a long password\n')
    const url = writeTestFile(t, 'postgres://owner:secret@127.0.0.1/sallyport')
    const environment = {
      NEW_USER_PASSWORD_FILE: password,
      MIGRATE_DATABASE_URL_FILE: url,
      ACCOUNT_STORE: 'postgres://127.0.0.1/sallyport',
    }

    const config = readConfig(environment, ['migrate', 'createUser'])

    assert.equal(config.newUserPassword, 'a long password')
    assert.match(config.migration.url?.url ?? '', /^postgres:..owner:secret@/)
  })
})
