import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readConfig } from '../src/config.ts'
import { demoClientSecret } from '../src/variable-kinds.ts'
import { makeAuthority } from './kit/authority.ts'
import { makeCertificate } from './kit/certificate.ts'
import { goodSecret, problemsOf, wellKnownSentence, writeTestFile } from './kit/config-problems.ts'

describe('variables that belong together', () => {
  it('are refused where the cap of a session is below its TTL', () => {
    const problems = problemsOf({ SESSION_TTL_SECONDS: '31', SESSION_CAP_SECONDS: '30' })

    assert.deepEqual(problems, ['SESSION_CAP_SECONDS must not be less than SESSION_TTL_SECONDS.'])
  })

  it('are refused where a store lasts and nobody says that this is the demo', () => {
    const sentence = 'APP_ENV must be set where TOKEN_STORE or ACCOUNT_STORE is not memory:.'
    const stores = [
      { TOKEN_STORE: 'redis://127.0.0.1' },
      { ACCOUNT_STORE: 'postgres://127.0.0.1/sallyport' },
    ]

    for (const store of stores) {
      assert.deepEqual(problemsOf(store, ['auth']), [sentence])
      assert.deepEqual(problemsOf({ ...store, APP_ENV: 'demo' }, ['auth']), [])
      assert.deepEqual(problemsOf(store, ['business']), [])
    }
  })

  it('are refused where events last and content does not', () => {
    const EVENTS = 'redis://127.0.0.1'
    const sentence =
      'CONTENT_STORE must be a Postgres where EVENTS is a Redis: what one process accepts, another works off.'

    assert.deepEqual(problemsOf({ EVENTS }), [sentence])
    assert.deepEqual(problemsOf({ EVENTS, CONTENT_STORE: 'postgres://127.0.0.1/x' }), [])
  })

  it('are refused where workers are apart and events in memory', () => {
    const problems = problemsOf({ WORKERS: 'apart' })

    assert.deepEqual(problems, [
      'WORKERS must be inside where EVENTS is memory:, which no worker shares.',
    ])
  })

  for (const prefix of ['', 'BUSINESS_']) {
    const [certName, keyName] = [`${prefix}TLS_CERT_FILE`, `${prefix}TLS_KEY_FILE`]

    it(`are refused where only one of ${certName} and ${keyName} is set`, (t) => {
      const { certFile, keyFile } = makeCertificate(t)
      const sentence = `${certName} and ${keyName} must be set both or neither.`

      assert.deepEqual(problemsOf({ [certName]: certFile }), [sentence])
      assert.deepEqual(problemsOf({ [keyName]: keyFile }), [sentence])
    })

    it(`are refused where ${keyName} is not the key of ${certName}, or either is something else`, (t) => {
      const { certFile, keyFile } = makeCertificate(t)
      const other = makeCertificate(t)
      const nonsense = writeTestFile(t, 'a certificate and a key')
      const sentence = `${certName} and ${keyName} must hold a certificate and its own private key, in PEM.`

      const wrongKey = problemsOf({ [certName]: certFile, [keyName]: other.keyFile })
      const noKey = problemsOf({ [certName]: certFile, [keyName]: nonsense })
      const noCert = problemsOf({ [certName]: nonsense, [keyName]: keyFile })

      assert.deepEqual([wrongKey, noKey, noCert], [[sentence], [sentence], [sentence]])
    })
  }

  it('are refused where client certificates are to be checked without TLS', (t) => {
    const { caFile } = makeAuthority(t)

    const problems = problemsOf({ MTLS_CLIENT_CA_FILE: caFile })

    assert.deepEqual(problems, [
      'MTLS_CLIENT_CA_FILE needs TLS_CERT_FILE: only TLS can ask for a certificate.',
    ])
  })
})

describe('production', () => {
  const soundForAuth = {
    APP_ENV: 'production',
    BUSINESS_CLIENT_SECRET: goodSecret,
    TRUSTED_PROXY_HOPS: '1',
    TOKEN_STORE: 'redis://127.0.0.1',
    ACCOUNT_STORE: 'postgres://127.0.0.1/sallyport',
    SESSION_TTL_SECONDS: '30',
  }
  const soundForBusiness = {
    APP_ENV: 'production',
    BUSINESS_CLIENT_SECRET: goodSecret,
    TRUSTED_PROXY_HOPS: '1',
    AUTH_URL: 'https://auth.example',
  }
  const openSentence =
    'TLS_CERT_FILE and TLS_KEY_FILE must be set in production, or TRUSTED_PROXY_HOPS where a proxy speaks TLS.'

  it('starts with all that it wants, on addresses that others can reach', () => {
    const auth = readConfig({ ...soundForAuth, AUTH_HOST: '0.0.0.0' }, ['auth'])
    const business = readConfig({ ...soundForBusiness, BUSINESS_HOST: '::' }, ['business'])

    assert.deepEqual([auth.environment, business.environment], ['production', 'production'])
  })

  it('is told all that auth misses at once', () => {
    assert.deepEqual(problemsOf({ APP_ENV: 'production' }, ['auth']), [
      wellKnownSentence,
      openSentence,
      'TOKEN_STORE must not be memory: in production, which ends with its process.',
      'ACCOUNT_STORE must not be memory: in production, which ends with its process.',
      'SESSION_TTL_SECONDS must be set in production, even where it is the default.',
    ])
  })

  it('is told all that business misses at once', () => {
    const environment = { APP_ENV: 'production', AUTH_URL: 'http://auth.example' }

    assert.deepEqual(problemsOf(environment, ['business']), [
      wellKnownSentence,
      openSentence,
      'AUTH_URL must be https in production, but for loopback: tokens go there.',
    ])
  })

  it('is refused with the well-known secret of the demo, by both servers', (t) => {
    const path = writeTestFile(t, `${demoClientSecret}\n`)
    const { BUSINESS_CLIENT_SECRET: _, ...auth } = soundForAuth
    const { BUSINESS_CLIENT_SECRET: __, ...business } = soundForBusiness
    const wellKnown = { BUSINESS_CLIENT_SECRET: demoClientSecret }

    assert.deepEqual(problemsOf({ ...auth, ...wellKnown }, ['auth']), [wellKnownSentence])
    assert.deepEqual(problemsOf({ ...business, ...wellKnown }, ['business']), [wellKnownSentence])
    const fromFile = { ...auth, BUSINESS_CLIENT_SECRET_FILE: path }
    assert.deepEqual(problemsOf(fromFile, ['auth']), [wellKnownSentence])
  })

  it('is told once what is wrong with a secret that is too short', () => {
    const problems = problemsOf({ ...soundForAuth, BUSINESS_CLIENT_SECRET: 'short' }, ['auth'])

    assert.equal(problems.length, 1)
    assert.match(problems[0] ?? '', /^BUSINESS_CLIENT_SECRET must be 32 to 256 /)
  })

  it('is refused without TLS where no proxy speaks it, and not with it', (t) => {
    const { certFile, keyFile } = makeCertificate(t)
    const tls = { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile }
    const noProxy = { TRUSTED_PROXY_HOPS: '0' }

    for (const [program, sound] of [
      ['auth', soundForAuth],
      ['business', soundForBusiness],
    ] as const) {
      assert.deepEqual(problemsOf({ ...sound, ...noProxy }, [program]), [openSentence])
      assert.deepEqual(problemsOf({ ...sound, ...noProxy, ...tls }, [program]), [])
    }
  })

  for (const name of ['TOKEN_STORE', 'ACCOUNT_STORE'] as const) {
    it(`is refused where ${name} is in memory`, () => {
      const problems = problemsOf({ ...soundForAuth, [name]: 'memory:' }, ['auth'])

      const sentence = `${name} must not be memory: in production, which ends with its process.`
      assert.deepEqual(problems, [sentence])
    })
  }

  it('is refused where nobody said how long a session lives', () => {
    const { SESSION_TTL_SECONDS: _, ...unsaid } = soundForAuth

    assert.deepEqual(problemsOf(unsaid, ['auth']), [
      'SESSION_TTL_SECONDS must be set in production, even where it is the default.',
    ])
  })

  it('is refused where one of the addresses of auth is neither https nor loopback', () => {
    const withUrl = (url: string) =>
      problemsOf({ ...soundForBusiness, AUTH_URL: url }, ['business'])
    const sentence = 'AUTH_URL must be https in production, but for loopback: tokens go there.'

    assert.deepEqual(withUrl('http://auth.example'), [sentence])
    assert.deepEqual(withUrl('http://127.0.0.1:4000,http://10.0.0.1:4000'), [sentence])
    assert.deepEqual(withUrl('http://127.0.0.1.example'), [sentence])
    for (const good of ['http://127.0.0.1:4000,http://localhost:4001', 'http://[::1]:4000'])
      assert.deepEqual(withUrl(good), [])
  })

  it('asks no script for what only servers need', () => {
    const url = 'postgres://owner@127.0.0.1/sallyport'
    const production = { APP_ENV: 'production' }

    assert.deepEqual(problemsOf({ ...production, MIGRATE_DATABASE_URL: url }, ['migrate']), [])
    assert.deepEqual(problemsOf({ ...production, ACCOUNT_STORE: url }, ['createUser']), [])
  })
})

describe('a program', () => {
  it('is not asked for what only others read', () => {
    const bad = { TOKEN_STORE: 'x', ACCOUNT_STORE_FILE: '/nowhere', AUTH_PORT: 'x' }

    assert.deepEqual(problemsOf(bad, ['business']), [])
    assert.equal(problemsOf(bad, ['auth']).length, 3)
  })

  it('does not get what only others read', () => {
    const environment = {
      TOKEN_STORE: 'redis://auth:secret@127.0.0.1',
      MIGRATE_DATABASE_URL: 'postgres://owner:secret@127.0.0.1/sallyport',
      NEW_USER_PASSWORD: 'secret password',
    }

    const config = readConfig(environment, ['business'])

    assert.doesNotMatch(JSON.stringify(config), /secret@|secret password/)
  })

  it('that migrates must be told where', () => {
    assert.deepEqual(problemsOf({}, ['migrate']), ['MIGRATE_DATABASE_URL must be set.'])
  })

  it('that works off events must be told where they are', () => {
    assert.deepEqual(problemsOf({}, ['worker']), [
      'EVENTS must be the URL of a Redis for a worker.',
    ])
  })

  it('that makes a user is refused a store in memory', () => {
    assert.deepEqual(problemsOf({}, ['createUser']), [
      'ACCOUNT_STORE must not be memory: here, where the user would be gone at once.',
    ])
  })
})
