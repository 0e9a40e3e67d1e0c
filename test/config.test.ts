import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { type Config, ConfigError, type Environment, readConfig } from '../src/config.ts'
import { demoClientSecret, variables } from '../src/variables.ts'

const goodSecret = 'a-secret-for-tests-of-32-characters-or-more'
const wellKnownSentence =
  'BUSINESS_CLIENT_SECRET must be set in production, and not to the well-known one of the demo.'

/** All that is wrong with an environment; nothing where it is good. */
function problemsOf(environment: Environment): readonly string[] {
  try {
    readConfig(environment)
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    assert.equal(error.message, error.problems.join('\n'))
    return error.problems
  }
}

/** A file with this content, gone with the test. */
function writeTestFile(t: TestContext, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'config-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'file')
  writeFileSync(path, content)
  return path
}

describe('the configuration', () => {
  it('has a default for everything in a demo', () => {
    const expected: Config = {
      environment: 'demo',
      auth: { host: '127.0.0.1', port: 4000 },
      business: { host: '127.0.0.1', port: 4001 },
      authUrl: 'http://127.0.0.1:4000',
      client: { id: 'business', secret: demoClientSecret },
      lifetimes: { sessionTtlSeconds: 30, sessionCapSeconds: 43_200, serviceTtlSeconds: 300 },
      cleanupIntervalSeconds: 15,
      maxTokens: 1_000_000,
      stores: { tokens: 'memory:', accounts: 'memory:', content: 'memory:' },
      tls: undefined,
      logLevel: 'info',
      shutdown: { delaySeconds: 0, graceSeconds: 10 },
    }

    assert.deepEqual(readConfig({}), expected)
  })

  it('takes every variable', (t) => {
    const cert = writeTestFile(t, 'a certificate')
    const key = writeTestFile(t, 'a key')
    const environment = {
      APP_ENV: 'production',
      AUTH_HOST: '0.0.0.0',
      AUTH_PORT: '0',
      BUSINESS_HOST: '::1',
      BUSINESS_PORT: '65535',
      AUTH_URL: 'https://auth.example:8443/',
      BUSINESS_CLIENT_ID: 'business-2.test',
      BUSINESS_CLIENT_SECRET: goodSecret,
      SESSION_TTL_SECONDS: '60',
      SESSION_CAP_SECONDS: '60',
      SERVICE_TTL_SECONDS: '1',
      CLEANUP_INTERVAL_SECONDS: '1',
      MAX_TOKENS: '1001',
      TOKEN_STORE: 'memory:',
      ACCOUNT_STORE: 'memory:',
      CONTENT_STORE: 'memory:',
      TLS_CERT_FILE: cert,
      TLS_KEY_FILE: key,
      LOG_LEVEL: 'warn',
      SHUTDOWN_DELAY_SECONDS: '3600',
      SHUTDOWN_GRACE_SECONDS: '1',
    }

    const config = readConfig(environment)

    assert.deepEqual(Object.keys(environment), Object.keys(variables))
    assert.deepEqual(config, {
      environment: 'production',
      auth: { host: '0.0.0.0', port: 0 },
      business: { host: '::1', port: 65_535 },
      authUrl: 'https://auth.example:8443',
      client: { id: 'business-2.test', secret: goodSecret },
      lifetimes: { sessionTtlSeconds: 60, sessionCapSeconds: 60, serviceTtlSeconds: 1 },
      cleanupIntervalSeconds: 1,
      maxTokens: 1_001,
      stores: { tokens: 'memory:', accounts: 'memory:', content: 'memory:' },
      tls: { cert: 'a certificate', key: 'a key' },
      logLevel: 'warn',
      shutdown: { delaySeconds: 3_600, graceSeconds: 1 },
    })
  })

  it('ignores variables that are not its own', () => {
    assert.deepEqual(readConfig({ PATH: '/bin', AUTH_PORT_FILE: '/nowhere' }), readConfig({}))
  })

  it('cannot be changed, at any depth', () => {
    const config = readConfig({})

    assert.ok(Object.isFrozen(config))
    for (const [name, part] of Object.entries(config))
      assert.ok(Object.isFrozen(part), `${name} can be changed`)
  })
})

describe('a bad value', () => {
  const secondsUpTo = (most: number, least = 1) => `a whole number from ${least} to ${most}`
  const year = 31_536_000
  const address = 'an http or https address without path, query or credentials'
  const host = 'a host name or an IP address'
  const clientId = '1 to 64 letters, digits, dots, hyphens and underscores'
  const secret = '32 to 256 printable ASCII characters without spaces'
  const store = 'memory: (there is no other store yet)'
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
    ['TOKEN_STORE', store, '', 'memory', 'redis://127.0.0.1', 'memory://'],
    ['ACCOUNT_STORE', store, '', 'postgres://127.0.0.1'],
    ['CONTENT_STORE', store, '', 'file:'],
    ['LOG_LEVEL', 'one of debug, info, warn, error', '', 'INFO', 'trace'],
    ['SHUTDOWN_DELAY_SECONDS', secondsUpTo(3_600, 0), '', '3601'],
    ['SHUTDOWN_GRACE_SECONDS', secondsUpTo(3_600), '', '0', '3601'],
  ]

  it('gets one sentence that names its variable and says what it must be', () => {
    for (const [name, expected, ...bad] of vectors)
      for (const value of bad)
        assert.deepEqual(problemsOf({ [name]: value }), [`${name} must be ${expected}.`])
  })

  it('gets its sentence for every variable', () => {
    const covered = new Set([...vectors.map(([name]) => name), 'TLS_CERT_FILE', 'TLS_KEY_FILE'])

    assert.deepEqual([...covered].sort(), Object.keys(variables).sort())
  })

  it('gets one sentence where it is the path of no file', (t) => {
    const good = writeTestFile(t, 'a certificate')

    for (const path of ['', '/nowhere/at/all', tmpdir()]) {
      const badCert = { TLS_CERT_FILE: path, TLS_KEY_FILE: good }
      const badKey = { TLS_CERT_FILE: good, TLS_KEY_FILE: path }
      assert.deepEqual(problemsOf(badCert), [`TLS_CERT_FILE must be ${readable}.`])
      assert.deepEqual(problemsOf(badKey), [`TLS_KEY_FILE must be ${readable}.`])
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
      assert.equal(readConfig({ AUTH_HOST: host }).auth.host, host)
    }
  })

  it('does not hide what is wrong with variables that belong together', () => {
    const problems = problemsOf({
      APP_ENV: 'production',
      AUTH_PORT: 'x',
      SESSION_TTL_SECONDS: '31',
      SESSION_CAP_SECONDS: '30',
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

    const problems = problemsOf({
      ...Object.fromEntries(everything),
      AUTH_HOST: '',
      BUSINESS_HOST: '',
      BUSINESS_CLIENT_SECRET_FILE: planted,
    })

    assert.ok(problems.length >= Object.keys(variables).length)
    assert.ok(problems.every((problem) => !problem.includes('planted')))
  })
})

describe('variables that belong together', () => {
  it('are refused where the cap of a session is below its TTL', () => {
    const problems = problemsOf({ SESSION_TTL_SECONDS: '31', SESSION_CAP_SECONDS: '30' })

    assert.deepEqual(problems, ['SESSION_CAP_SECONDS must not be less than SESSION_TTL_SECONDS.'])
  })

  it('are refused where only one half of TLS is set', (t) => {
    const path = writeTestFile(t, 'one half')
    const sentence = 'TLS_CERT_FILE and TLS_KEY_FILE must be set both or neither.'

    assert.deepEqual(problemsOf({ TLS_CERT_FILE: path }), [sentence])
    assert.deepEqual(problemsOf({ TLS_KEY_FILE: path }), [sentence])
  })
})

describe('production', () => {
  it('is refused without a client secret', () => {
    assert.deepEqual(problemsOf({ APP_ENV: 'production' }), [wellKnownSentence])
  })

  it('is refused with the well-known secret of the demo', (t) => {
    const path = writeTestFile(t, `${demoClientSecret}\n`)
    const production = { APP_ENV: 'production' }

    const direct = problemsOf({ ...production, BUSINESS_CLIENT_SECRET: demoClientSecret })
    const fromFile = problemsOf({ ...production, BUSINESS_CLIENT_SECRET_FILE: path })

    assert.deepEqual(direct, [wellKnownSentence])
    assert.deepEqual(fromFile, [wellKnownSentence])
  })

  it('is told once what is wrong with a secret that is too short', () => {
    const problems = problemsOf({ APP_ENV: 'production', BUSINESS_CLIENT_SECRET: 'short' })

    assert.equal(problems.length, 1)
    assert.match(problems[0] ?? '', /^BUSINESS_CLIENT_SECRET must be 32 to 256 /)
  })
})

describe('a secret from a file', () => {
  it('is taken without the newline at its end', (t) => {
    const withNewline = writeTestFile(t, `${goodSecret}\n`)
    const withReturn = writeTestFile(t, `${goodSecret}\r\n`)
    const without = writeTestFile(t, goodSecret)

    for (const path of [withNewline, withReturn, without])
      assert.equal(readConfig({ BUSINESS_CLIENT_SECRET_FILE: path }).client.secret, goodSecret)
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
})
