import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { configuredClients } from '../../src/auth/clients.ts'
import { validateScope } from '../../src/validation.ts'
import { makeAuthority } from '../kit/authority.ts'
import { startTestAuth, testClient } from '../kit/servers.ts'
import { callOverTls, type TlsCall } from '../kit/tls-calls.ts'

type Certificate = TlsCall['certificate']

const otherClient = { id: 'other', secret: 'another-secret-of-32-characters-or-more' }
const basic = ({ id, secret } = testClient) =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
const formType = { 'content-type': 'application/x-www-form-urlencoded' }
const jsonType = { 'content-type': 'application/json' }
const grant = 'grant_type=client_credentials'

/** auth with two clients, which asks for certificates unless it is told otherwise. */
async function setUp(t: TestContext, { asksForCertificates = true } = {}) {
  const authority = makeAuthority(t)
  const { ca } = authority
  const { cert, key } = authority.issue({ names: 'IP:127.0.0.1' })
  const scopes = [validateScope]
  const clients = configuredClients([testClient, otherClient].map((one) => ({ ...one, scopes })))
  const tls = asksForCertificates ? { cert, key, clientCa: ca } : { cert, key }
  const { url } = await startTestAuth(t, { tls, clients })
  const post = async (path: string, call: Omit<TlsCall, 'url' | 'ca'>) =>
    await callOverTls({ url: `${url}${path}`, ca, method: 'POST', ...call })
  const grantTo = async (certificate: Certificate, client = testClient) => {
    const headers = { ...formType, authorization: basic(client) }
    return await post('/token', { certificate, headers, body: grant })
  }
  const validate = async (
    certificate: Certificate,
    serviceToken: unknown,
    body = '{"tokens":[]}',
  ) => {
    const headers = { ...jsonType, authorization: `Bearer ${String(serviceToken)}` }
    return await post('/validateToken', { certificate, headers, body })
  }
  const right = authority.issue({ names: `DNS:${testClient.id}` })
  const wrong = () => ({
    'without a certificate': undefined,
    'with one in the name of another': authority.issue({ names: `DNS:${otherClient.id}` }),
    'with one that has expired': authority.issue({
      names: `DNS:${testClient.id}`,
      validTo: new Date(Date.now() - 1_000),
    }),
    'with one of another authority': makeAuthority(t).issue({ names: `DNS:${testClient.id}` }),
    'with one whose name is a wildcard': authority.issue({ names: 'DNS:*' }),
    'with one whose subject alone names it': authority.issue({ commonName: testClient.id }),
  })
  return { url, ca, authority, post, grantTo, validate, right, wrong }
}

describe('auth that asks for certificates', () => {
  it('grants a service token to a client with the right one, and answers it with that', async (t) => {
    const { grantTo, validate, right } = await setUp(t)

    const granted = await grantTo(right)
    const validated = await validate(right, granted.body.access_token)

    assert.deepEqual([granted.status, validated.status], [200, 200])
    assert.deepEqual(validated.body, { results: [] })
  })

  it('grants no service token to a client with a wrong one', async (t) => {
    const { grantTo, wrong } = await setUp(t)

    for (const [what, certificate] of Object.entries<Certificate>(wrong())) {
      const { status, body } = await grantTo(certificate)
      assert.deepEqual([status, body.error], [401, 'invalid_client'], what)
      assert.match(String(body.error_description), /certificate/)
    }
  })

  it('answers no service token that comes with a wrong one', async (t) => {
    const { grantTo, validate, right, wrong } = await setUp(t)
    const { body: granted } = await grantTo(right)

    for (const [what, certificate] of Object.entries<Certificate>(wrong())) {
      const { status, body } = await validate(certificate, granted.access_token)
      assert.deepEqual([status, body.error], [401, 'invalid_token'], what)
      assert.match(String(body.error_description), /certificate/)
    }
  })

  it('does not take the service token of one client with the certificate of another', async (t) => {
    const { authority, grantTo, validate, right } = await setUp(t)
    const others = authority.issue({ names: `DNS:${otherClient.id}` })
    const { body: granted } = await grantTo(others, otherClient)

    assert.equal((await validate(others, granted.access_token)).status, 200)
    assert.equal((await validate(right, granted.access_token)).status, 401)
  })

  it('refuses a wrong one before it reads the body', async (t) => {
    const { post, grantTo, validate, right } = await setUp(t)
    const { body: granted } = await grantTo(right)

    const validated = await validate(undefined, granted.access_token, 'no JSON at all')
    const headers = { ...formType, authorization: basic() }
    const asked = await post('/token', { headers, body: '%%%' })

    assert.deepEqual([validated.status, asked.status], [401, 401])
  })

  it('wants the secret and the service token all the same', async (t) => {
    const { grantTo, validate, right } = await setUp(t)

    const wrongSecret = await grantTo(right, { ...testClient, secret: otherClient.secret })
    const noToken = await validate(right, 'x')

    assert.deepEqual([wrongSecret.status, wrongSecret.body.error], [401, 'invalid_client'])
    assert.deepEqual([noToken.status, noToken.body.error], [401, 'invalid_token'])
    for (const { body } of [wrongSecret, noToken])
      assert.doesNotMatch(String(body.error_description), /certificate/)
  })

  it('knows the certificate of a connection that resumes a session', async (t) => {
    const { post, right } = await setUp(t)
    const call = {
      certificate: right,
      headers: { ...formType, authorization: basic() },
      body: grant,
    }
    const first = await post('/token', call)

    const second = await post('/token', { ...call, session: first.session })

    assert.deepEqual([first.isResumed, second.isResumed], [false, true])
    assert.deepEqual([first.status, second.status], [200, 200])
  })

  it('lets users in without one, and with a wrong one', async (t) => {
    const { url, ca, post, wrong } = await setUp(t)
    const body = JSON.stringify({ username: 'user@example.com', password: 'correct horse' })

    for (const certificate of [undefined, wrong()['with one of another authority']]) {
      const health = await callOverTls({ url: `${url}/healthz`, ca, certificate })
      const readiness = await callOverTls({ url: `${url}/readyz`, ca, certificate })
      const login = await post('/login', { certificate, headers: jsonType, body })
      assert.deepEqual([health.status, readiness.status, login.status], [200, 200, 200])
    }
  })
})

describe('auth that asks for no certificates', () => {
  it('wants none, whatever a client would show', async (t) => {
    const { grantTo, validate, wrong } = await setUp(t, { asksForCertificates: false })

    for (const certificate of Object.values<Certificate>(wrong())) {
      const granted = await grantTo(certificate)
      const validated = await validate(certificate, granted.body.access_token)
      assert.deepEqual([granted.status, validated.status], [200, 200])
    }
  })
})
