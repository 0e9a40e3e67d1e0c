import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { Agent, request } from 'undici'
import { makeCertificate } from '../kit/certificate.ts'
import { demoCredentials } from '../kit/demo.ts'
import { startAuth, startBusiness, waitUntil } from '../kit/processes.ts'
import { share } from '../kit/shared-servers.ts'
import { exchange, statusesIn } from '../kit/sockets.ts'

describe('Both servers with TLS', () => {
  const servers = share(startBothWithTls)

  it('have https addresses', () => {
    const { auth, business } = servers()

    const schemes = [auth, business].map(({ url }) => new URL(url).protocol)

    assert.deepEqual(schemes, ['https:', 'https:'])
  })

  it('let in who has logged in, business asking auth over https', async () => {
    const { auth, business, dispatcher } = servers()
    const body = JSON.stringify(demoCredentials)
    const headers = { 'content-type': 'application/json' }

    const login = await request(`${auth.url}/login`, { dispatcher, method: 'POST', headers, body })
    const { token } = (await login.body.json()) as { token: string }
    const data = await request(`${business.url}/data`, { dispatcher, headers: { token } })

    assert.deepEqual([login.statusCode, data.statusCode], [200, 200])
    assert.equal(data.headers['strict-transport-security'], 'max-age=31536000')
    assert.match(await data.body.text(), /"greeting":"Hello, Demo!"/)
  })

  it('survive plain HTTP on the TLS port, and answer none of it', async (t) => {
    const { auth, business, dispatcher } = servers()
    const bytes = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'

    const answers = [await exchange(t, auth.url, bytes), await exchange(t, business.url, bytes)]

    assert.deepEqual(answers.flatMap(statusesIn), [])
    const healths = await Promise.all(
      [auth, business].map(({ url }) => request(`${url}/healthz`, { dispatcher })),
    )
    assert.deepEqual(
      healths.map(({ statusCode }) => statusCode),
      [200, 200],
    )
  })

  it('let nobody in where business does not trust the certificate of auth', async (t) => {
    const { auth } = servers()
    const business = await startBusiness(t, { AUTH_URL: auth.url })

    const response = await fetch(`${business.url}/data`, { headers: { token: 'x' } })

    assert.equal(response.status, 503)
    assert.equal((await fetch(`${business.url}/readyz`)).status, 503)
  })

  it('end in good order', async (t) => {
    const { auth, dispatcher } = await startBothWithTls(t)
    const health = await request(`${auth.url}/healthz`, { dispatcher })
    await health.body.dump()

    auth.signal('SIGTERM')

    assert.deepEqual(await auth.ended, { code: 0, signal: null })
    assert.deepEqual(auth.find('requests in flight were cut'), [])
  })
})

/** With a certificate for the loopback that is trusted by business and by `dispatcher`, and by nobody else. */
async function startBothWithTls(t: TestContext) {
  const { cert: ca, certFile, keyFile } = makeCertificate(t)
  const dispatcher = new Agent({ connect: { ca } })
  t.after(() => dispatcher.destroy())
  const tls = { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile }
  const auth = await startAuth(t, tls)
  const trust = { AUTH_URL: auth.url, NODE_EXTRA_CA_CERTS: certFile }
  const business = await startBusiness(t, { ...tls, ...trust })
  await waitUntil(() => business.find('started').some(({ ready }) => ready === true))
  return { auth, business, dispatcher }
}
