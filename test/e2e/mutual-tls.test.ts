import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type Issue, makeAuthority } from '../kit/authority.ts'
import { demoCredentials } from '../kit/demo.ts'
import { startAuth, startBusiness, waitUntil } from '../kit/processes.ts'
import { callOverTls } from '../kit/tls-calls.ts'

/** auth over TLS, which asks for certificates, and what business needs to be let in. */
async function startGuardedAuth(t: TestContext) {
  const authority = makeAuthority(t)
  const own = authority.issue({ names: 'IP:127.0.0.1', usage: 'serverAuth' })
  const tls = { TLS_CERT_FILE: own.certFile, TLS_KEY_FILE: own.keyFile }
  const auth = await startAuth(t, { ...tls, MTLS_CLIENT_CA_FILE: authority.caFile })
  const trust = { AUTH_URL: auth.url, AUTH_CA_FILE: authority.caFile }
  const logIn = async () => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify(demoCredentials)
    const call = { url: `${auth.url}/login`, ca: authority.ca, method: 'POST', headers, body }
    return String((await callOverTls(call)).body.token)
  }
  return { authority, auth, trust, logIn }
}

function shown(certificate: { certFile: string; keyFile: string }) {
  const { certFile, keyFile } = certificate
  return { BUSINESS_TLS_CERT_FILE: certFile, BUSINESS_TLS_KEY_FILE: keyFile }
}

/** What `/data` of a business with these variables answers to a good token. */
async function statusOfData(t: TestContext, variables: Record<string, string>, token: string) {
  const business = await startBusiness(t, variables)
  await waitUntil(() => business.find('started').length > 0)
  const { status } = await fetch(`${business.url}/data`, { headers: { token } })
  const readiness = await fetch(`${business.url}/readyz`)
  return { status, readiness: readiness.status, business }
}

describe('business and auth with certificates on both sides', () => {
  it('let in who has logged in', async (t) => {
    const { authority, trust, logIn } = await startGuardedAuth(t)
    const certificate = authority.issue({ names: 'DNS:business', usage: 'clientAuth' })

    const got = await statusOfData(t, { ...trust, ...shown(certificate) }, await logIn())

    assert.deepEqual([got.status, got.readiness], [200, 200])
  })

  const wrong: Readonly<Record<string, Issue>> = {
    'in another name': { names: 'DNS:business-2' },
    'that has expired': { names: 'DNS:business', validTo: new Date(Date.now() - 1_000) },
  }
  for (const [what, issue] of Object.entries(wrong)) {
    it(`answer 503 and no 401 where business has a certificate ${what}`, async (t) => {
      const { authority, trust, logIn } = await startGuardedAuth(t)
      const certificate = authority.issue(issue)

      const got = await statusOfData(t, { ...trust, ...shown(certificate) }, await logIn())

      assert.deepEqual([got.status, got.readiness], [503, 503])
    })
  }

  it('answer 503 and no 401 where business has no certificate, or one of another authority', async (t) => {
    const { trust, logIn } = await startGuardedAuth(t)
    const token = await logIn()
    const others = makeAuthority(t).issue({ names: 'DNS:business' })

    const without = await statusOfData(t, trust, token)
    const withOthers = await statusOfData(t, { ...trust, ...shown(others) }, token)

    assert.deepEqual([without.status, withOthers.status], [503, 503])
    assert.match(String(without.business.find('not ready')[0]?.error), /auth answered 401/)
  })

  it('answer 503 and no 401 where business trusts another authority only', async (t) => {
    const { authority, auth, trust, logIn } = await startGuardedAuth(t)
    const certificate = authority.issue({ names: 'DNS:business' })
    const other = { AUTH_CA_FILE: makeAuthority(t).caFile }
    // That all of Node would trust the authority of auth does not count.
    const extra = { NODE_EXTRA_CA_CERTS: trust.AUTH_CA_FILE }

    const variables = { ...trust, ...shown(certificate), ...other, ...extra }
    const got = await statusOfData(t, variables, await logIn())

    assert.deepEqual([got.status, got.readiness], [503, 503])
    assert.deepEqual(auth.find('service token granted'), [])
  })
})
