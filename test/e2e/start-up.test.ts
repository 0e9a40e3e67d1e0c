import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { demoClient } from '../kit/demo.ts'
import { listenOnFreePort } from '../kit/listen.ts'
import { startAuth, startBusiness } from '../kit/processes.ts'
import { startUpOf } from '../kit/start-up.ts'

describe('The start of a server', () => {
  it('tells every problem of its configuration at once, on stderr, and none of the values', async (t) => {
    const variables = {
      AUTH_PORT: '70000',
      SESSION_TTL_SECONDS: '0',
      LOG_LEVEL: 'loud',
      BUSINESS_CLIENT_SECRET: 'too-short-a-secret',
      TLS_CERT_FILE: '/no/such/file',
    }

    const { code, complaint, output } = await startUpOf(t, 'auth', variables)

    assert.equal(code, 1)
    assert.deepEqual(complaint.trimEnd().split('\n'), [
      'AUTH_PORT must be a whole number from 0 to 65535.',
      'BUSINESS_CLIENT_SECRET must be 32 to 256 printable ASCII characters without spaces.',
      'SESSION_TTL_SECONDS must be a whole number from 1 to 31536000.',
      'TLS_CERT_FILE must be the path of a readable file.',
      'LOG_LEVEL must be one of debug, info, warn, error.',
    ])
    assert.equal(output, complaint)
  })

  it('never happens in production with the sample client secret', async (t) => {
    const variables = { APP_ENV: 'production', BUSINESS_CLIENT_SECRET: demoClient.secret }

    const auth = await startUpOf(t, 'auth', variables)
    const business = await startUpOf(t, 'business', variables)

    assert.deepEqual([auth.code, business.code], [1, 1])
    assert.match(auth.complaint, /^BUSINESS_CLIENT_SECRET must be set in production/m)
    assert.match(business.complaint, /^BUSINESS_CLIENT_SECRET must be set in production/m)
    assert.deepEqual([auth.find('listening'), business.find('listening')], [[], []])
  })

  it('never happens in production without a client secret, or with an empty one', async (t) => {
    const missing = await startUpOf(t, 'auth', { APP_ENV: 'production' })
    const empty = await startUpOf(t, 'auth', { APP_ENV: 'production', BUSINESS_CLIENT_SECRET: '' })

    assert.deepEqual([missing.code, empty.code], [1, 1])
    assert.match(missing.complaint, /^BUSINESS_CLIENT_SECRET must be/m)
    assert.match(empty.complaint, /^BUSINESS_CLIENT_SECRET must be/m)
  })

  it('never happens in production with signing keys under no secret, an empty one or a sample', async (t) => {
    const production = { APP_ENV: 'production', TOKEN_STORE: 'memory:', ACCOUNT_STORE: 'memory:' }
    const secrets = [
      {},
      ...['', demoClient.secret].map((KEY_ENCRYPTION_SECRET) => ({ KEY_ENCRYPTION_SECRET })),
    ]

    const ends = await Promise.all(
      secrets.map((secret) => startUpOf(t, 'auth', { ...production, ...secret })),
    )

    for (const { code, complaint, find } of ends) {
      assert.equal(code, 1)
      assert.match(complaint, /^KEY_ENCRYPTION_SECRET must be /m)
      assert.deepEqual(find('listening'), [])
    }
  })

  it('ends in one sentence where another program has the port', async (t) => {
    const { port } = new URL(await listenOnFreePort(t, createServer()))

    const { code, output } = await startUpOf(t, 'auth', { AUTH_PORT: port })

    assert.equal(code, 1)
    const sentence = `auth could not start: another program listens on 127.0.0.1:${port}.`
    assert.equal(output.split(sentence).length, 2)
    assert.equal(output.includes('    at '), false)
  })

  it('is told by a first line with the address that it answers on', async (t) => {
    const auth = await startAuth(t)
    const business = await startBusiness(t, { AUTH_URL: auth.url })

    const firstLines = [auth, business].map((server) => server.output().split('\n', 1)[0])

    for (const line of firstLines) {
      const { message, url } = JSON.parse(line ?? '') as Record<string, string>
      assert.equal(message, 'listening')
      assert.equal((await fetch(`${url}/healthz`)).status, 200)
    }
  })

  it('succeeds for business before auth is there, which is then not ready', async (t) => {
    const business = await startBusiness(t, { AUTH_URL: 'http://127.0.0.1:1' })

    const [health, readiness, data] = await Promise.all([
      fetch(`${business.url}/healthz`),
      fetch(`${business.url}/readyz`),
      fetch(`${business.url}/data`, { headers: { token: 'x' } }),
    ])

    assert.deepEqual([health.status, readiness.status, data.status], [200, 503, 503])
  })
})
