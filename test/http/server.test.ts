import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { route } from '../../src/http/router.ts'
import { serve } from '../../src/http/server.ts'
import { anything, object, text } from '../../src/http/shape.ts'
import { endpoint } from '../kit/endpoint.ts'
import { recordedLog } from '../kit/log.ts'
import { readAnswers } from '../kit/raw-answers.ts'
import { serveRoutes } from '../kit/servers.ts'
import { exchange } from '../kit/sockets.ts'

const answers = { 200: anything() }

const greet = endpoint({ answers }).handle(() => ({ status: 200, body: { greeting: 'grüß dich' } }))
const echo = endpoint({
  body: { shape: object({ name: text({ maxLength: 5 }) }), formats: ['json'] },
  answers,
}).handle(async (call) => ({ status: 200, body: await call.body() }))

async function start(t: TestContext) {
  const log = recordedLog()
  const routes = [route('/greeting', { GET: greet, POST: echo })]
  const { url } = await serveRoutes(t, routes, { log })
  return { url, log }
}

describe('an answer', () => {
  it('is JSON in UTF-8, with its length in bytes, for no cache to keep and no browser to guess at', async (t) => {
    const { url } = await start(t)

    const response = await fetch(`${url}/greeting`)

    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), { greeting: 'grüß dich' })
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.equal(response.headers.get('content-length'), '26')
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(response.headers.get('strict-transport-security'), null)
  })

  it('may be kept by a cache where it says so itself, in one header', async (t) => {
    const headers = { 'Cache-Control': 'public, max-age=5', 'X-Extra': 'here' }
    const kept = endpoint({ answers }).handle(() => ({ status: 200, body: {}, headers }))
    const { url } = await serveRoutes(t, [route('/kept', { GET: kept })])

    const response = await fetch(`${url}/kept`)

    assert.equal(response.headers.get('cache-control'), 'public, max-age=5')
    assert.equal(response.headers.get('x-extra'), 'here')
  })

  it('to HEAD has the headers of GET and no body', async (t) => {
    const { url } = await start(t)
    const head = 'HEAD /greeting HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

    const received = await exchange(t, url, head)

    assert.match(received, /^HTTP\/1\.1 200 OK\r\n/)
    assert.match(received, /\r\nContent-Length: 26\r\n/)
    assert.ok(received.endsWith('\r\n\r\n'))
  })

  it('to HEAD has no body either where it is a refusal', async (t) => {
    const { url } = await start(t)
    const head = 'HEAD /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

    const received = await exchange(t, url, head)

    assert.match(received, /^HTTP\/1\.1 404 /)
    assert.ok(received.endsWith('\r\n\r\n'))
  })

  it('to OPTIONS is empty and names the methods', async (t) => {
    const { url } = await start(t)

    const response = await fetch(`${url}/greeting`, { method: 'OPTIONS' })

    assert.equal(response.status, 204)
    assert.equal(response.headers.get('allow'), 'GET, POST, HEAD, OPTIONS')
    assert.equal(await response.text(), '')
  })

  it('to OPTIONS * is the same for the whole server', async (t) => {
    const { url } = await start(t)
    const options = 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

    const [answer] = readAnswers(await exchange(t, url, options))

    assert.equal(answer?.status, 204)
  })

  it('comes for a request in absolute form, whatever host that names', async (t) => {
    const { url } = await start(t)
    const absolute =
      'GET http://evil.test/greeting HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

    const [answer] = readAnswers(await exchange(t, url, absolute))

    assert.equal(answer?.status, 200)
  })
})

describe('the log of requests', () => {
  it('has a line for each at debug, with the declared path and not the one that came', async (t) => {
    const { url, log } = await start(t)

    await fetch(`${url}/greeting/?planted=1`)
    await fetch(`${url}/planted`)

    const [found, missed] = log.find('answered')
    assert.deepEqual([found?.method, found?.path, found?.status], ['GET', '/greeting', 200])
    assert.deepEqual([missed?.path, missed?.status], ['(none)', 404])
    assert.equal(log.text().includes('planted'), false)
  })
})

describe('serving', () => {
  it('is refused where another server listens', async (t) => {
    const { url } = await start(t)
    const address = { host: '127.0.0.1', port: Number(new URL(url).port), tls: undefined }

    const serving = serve(address, { routes: [], log: recordedLog(), clock: systemClock })

    await assert.rejects(serving, { code: 'EADDRINUSE' })
  })
})
