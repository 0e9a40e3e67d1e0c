import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { Agent, request } from 'undici'
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
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-tls-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const output = ['-days', '1', '-keyout', key, '-out', cert]
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, ...output], { stdio: 'ignore' })
  const dispatcher = new Agent({ connect: { ca: readFileSync(cert) } })
  t.after(() => dispatcher.destroy())
  const tls = { TLS_CERT_FILE: cert, TLS_KEY_FILE: key }
  const auth = await startAuth(t, tls)
  const trust = { AUTH_URL: auth.url, NODE_EXTRA_CA_CERTS: cert }
  const business = await startBusiness(t, { ...tls, ...trust })
  await waitUntil(() => business.find('started').some(({ ready }) => ready === true))
  return { auth, business, dispatcher }
}
