import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { Agent, request } from 'undici'
import { systemClock } from '../../src/clock.ts'
import { route } from '../../src/http/router.ts'
import { anything } from '../../src/http/shape.ts'
import { type Authority, makeAuthority } from '../kit/authority.ts'
import { makeCertificate } from '../kit/certificate.ts'
import { endpoint } from '../kit/endpoint.ts'
import { serveRoutes } from '../kit/servers.ts'
import { callOverTls } from '../kit/tls-calls.ts'

const dayMilliseconds = 86_400_000
const soon = (milliseconds: number) => new Date(Date.now() + milliseconds)

/** Says whether its client has a certificate in that name. */
async function startCertified(t: TestContext, authority: Authority, name = 'business') {
  let leapMilliseconds = 0
  const { ca } = authority
  const { cert, key } = authority.issue({ names: 'IP:127.0.0.1' })
  const isCertified = endpoint({ answers: { 200: anything() } }).handle((call) => ({
    status: 200,
    body: { isCertified: call.hasCertificateFor(name) },
  }))
  const clock = { ...systemClock, now: () => Date.now() + leapMilliseconds }
  const tls = { cert, key, clientCa: ca }
  const routes = [route('/certified', { GET: isCertified })]
  const server = await serveRoutes(t, routes, { clock, tls })
  const url = `${server.url}/certified`
  return {
    url,
    leap: (milliseconds: number) => {
      leapMilliseconds = milliseconds
    },
    ask: async (certificate?: { cert: string; key: string }) => {
      const { status, body } = await callOverTls({ url, ca, certificate })
      assert.equal(status, 200)
      return body.isCertified
    },
  }
}

describe('a client has a certificate in a name', () => {
  let authority: Authority
  let remove = () => {}
  before(() => {
    authority = makeAuthority({ after: (releaser) => (remove = releaser as () => void) })
  })
  after(() => remove())

  it('where our authority vouches for it', async (t) => {
    const { ask } = await startCertified(t, authority)

    assert.equal(await ask(authority.issue({ names: 'DNS:business' })), true)
    const several = authority.issue({ names: 'DNS:other,IP:10.0.0.1,DNS:business' })
    assert.equal(await ask(several), true)
  })

  it('not, where it shows none', async (t) => {
    const { ask } = await startCertified(t, authority)

    assert.equal(await ask(), false)
  })

  it('not, where somebody else vouches for it, or itself', async (t) => {
    const { ask } = await startCertified(t, authority)
    const names = 'DNS:business'

    assert.equal(await ask(makeAuthority(t).issue({ names })), false)
    assert.equal(await ask(makeCertificate(t)), false)
  })

  it('not, where it has expired, or its time is still to come', async (t) => {
    const { ask } = await startCertified(t, authority)
    const names = 'DNS:business'
    const [past, future] = [soon(-1_000), soon(dayMilliseconds / 2)]

    assert.equal(await ask(authority.issue({ names, validTo: past })), false)
    assert.equal(await ask(authority.issue({ names, validFrom: future })), false)
  })

  it('not, where it is good for servers only', async (t) => {
    const { ask } = await startCertified(t, authority)

    assert.equal(await ask(authority.issue({ names: 'DNS:business', usage: 'serverAuth' })), false)
    assert.equal(await ask(authority.issue({ names: 'DNS:business', usage: 'clientAuth' })), true)
  })

  it('not, where its name is another, however alike', async (t) => {
    const { ask } = await startCertified(t, authority)
    const others = ['DNS:business2', 'DNS:busines', 'DNS:BUSINESS', 'DNS:business.example', 'DNS:*']
    const kinds = ['URI:business', 'email:business@example.com', 'IP:127.0.0.1']

    for (const names of [...others, ...kinds])
      assert.equal(await ask(authority.issue({ names })), false, names)
  })

  it('not, where only its subject says so', async (t) => {
    const { ask } = await startCertified(t, authority)
    const commonName = 'business'

    assert.equal(await ask(authority.issue({ commonName })), false)
    assert.equal(await ask(authority.issue({ commonName, names: 'IP:127.0.0.1' })), false)
  })

  it('not, where only a wildcard covers it', async (t) => {
    const { ask } = await startCertified(t, authority, 'a.example.com')

    assert.equal(await ask(authority.issue({ names: 'DNS:*.example.com' })), false)
    assert.equal(await ask(authority.issue({ names: 'DNS:a.example.com' })), true)
  })

  it('not, where the name begins with a dot and the certificate is for what ends so', async (t) => {
    const { ask } = await startCertified(t, authority, '.example.com')

    assert.equal(await ask(authority.issue({ names: 'DNS:a.example.com' })), false)
  })

  it('also where it resumes the session of an earlier connection', async (t) => {
    const { url } = await startCertified(t, authority)
    const certificate = authority.issue({ names: 'DNS:business' })
    const first = await callOverTls({ url, ca: authority.ca, certificate })

    const { session } = first
    const second = await callOverTls({ url, ca: authority.ca, certificate, session })

    assert.deepEqual([first.isResumed, second.isResumed], [false, true])
    assert.deepEqual([first.body.isCertified, second.body.isCertified], [true, true])
  })

  it('not, where it resumes a session that began without one', async (t) => {
    const { url } = await startCertified(t, authority)
    const first = await callOverTls({ url, ca: authority.ca })

    const second = await callOverTls({ url, ca: authority.ca, session: first.session })

    assert.equal(second.isResumed, true)
    assert.deepEqual([first.body.isCertified, second.body.isCertified], [false, false])
  })

  it('until it expires, on the same connection too', async (t) => {
    const { url, leap } = await startCertified(t, authority)
    const { cert, key } = authority.issue({ names: 'DNS:business', validTo: soon(3_600_000) })
    const dispatcher = new Agent({ connect: { ca: authority.ca, cert, key }, connections: 1 })
    t.after(() => dispatcher.destroy())
    let connections = 0
    dispatcher.on('connect', () => connections++)
    const ask = async () => {
      const { body } = await request(url, { dispatcher })
      return (await body.json()) as unknown
    }

    const early = await ask()
    leap(3_600_001)
    const late = await ask()

    assert.deepEqual([early, late], [{ isCertified: true }, { isCertified: false }])
    assert.equal(connections, 1)
  })
})

describe('a client over plain HTTP', () => {
  it('has no certificate', async (t) => {
    const isCertified = endpoint({ answers: { 200: anything() } }).handle((call) => ({
      status: 200,
      body: { isCertified: call.hasCertificateFor('business') },
    }))
    const server = await serveRoutes(t, [route('/certified', { GET: isCertified })])

    const response = await fetch(`${server.url}/certified`)

    assert.deepEqual(await response.json(), { isCertified: false })
  })
})
