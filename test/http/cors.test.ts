import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nothing } from '../../src/http/endpoint.ts'
import { route } from '../../src/http/router.ts'
import { endpoint } from '../kit/endpoint.ts'
import { serveRoutes } from '../kit/servers.ts'
import { share } from '../kit/shared-servers.ts'
import { exchange } from '../kit/sockets.ts'

const act = endpoint({ answers: { 204: nothing } }).handle(() => ({ status: 204, body: undefined }))
const routes = [route('/things', { GET: act, PUT: act })]
const app = 'https://app.example.com'
const corsOrigins = [app, 'http://127.0.0.1:8080']

/** What a browser looks at. */
function corsHeadersOf({ headers }: Response): Record<string, string> {
  const found = [...headers].filter(([name]) => /^access-control-|^vary$/.test(name))
  return Object.fromEntries(found)
}

const shown = 'X-Request-Id, Location, Retry-After, WWW-Authenticate, ETag'
const preflight = { 'access-control-request-method': 'PUT' }

describe('pages of other origins', { timeout: 20_000 }, () => {
  const server = share((t) => serveRoutes(t, routes, { corsOrigins }))
  const ask = (headers: Record<string, string>, method = 'GET', path = '/things') =>
    fetch(`${server().url}${path}`, { method, headers })

  it('may read answers where their origin is allowed, and may not bring credentials', async () => {
    for (const origin of corsOrigins) {
      assert.deepEqual(corsHeadersOf(await ask({ origin })), {
        'access-control-allow-origin': origin,
        'access-control-expose-headers': shown,
        vary: 'Origin',
      })
    }
  })

  it('may read refusals there, too', async () => {
    const response = await ask({ origin: app }, 'GET', '/nowhere')

    assert.equal(response.status, 404)
    assert.equal(corsHeadersOf(response)['access-control-allow-origin'], app)
  })

  it('learn from a preflight which methods and headers they may use', async () => {
    const response = await ask({ origin: app, ...preflight }, 'OPTIONS')

    assert.equal(response.status, 204)
    assert.deepEqual(corsHeadersOf(response), {
      'access-control-allow-origin': app,
      'access-control-allow-methods': 'GET, PUT, HEAD, OPTIONS',
      'access-control-allow-headers': 'authorization, content-type, token',
      'access-control-max-age': '600',
      vary: 'Origin',
    })
  })

  it('are told nothing where their origin is another, however like an allowed one it looks', async () => {
    const hostile = [
      'null',
      '*',
      'https://app.example.com.evil.test',
      'https://app.example.com@evil.test',
      'https://evil-app.example.com',
      'https://sub.app.example.com',
      'https://APP.example.com',
      'HTTPS://app.example.com',
      'https://app.example.com/',
      'https://app.example.com:443',
      'https://app.example.com.',
      'https://appxexample.com',
      'http://app.example.com',
      'https://app.example.com, https://evil.test',
      'https://app.example.com https://evil.test',
      'http://127.0.0.1:80801',
      'http://localhost:8080',
      '__proto__',
    ]
    for (const origin of hostile) {
      const simple = await ask({ origin })
      const asked = await ask({ origin, ...preflight }, 'OPTIONS')

      assert.deepEqual([origin, corsHeadersOf(simple)], [origin, { vary: 'Origin' }])
      assert.deepEqual([origin, corsHeadersOf(asked)], [origin, { vary: 'Origin' }])
      assert.deepEqual([simple.status, asked.status], [204, 204])
    }
  })

  it('are told nothing where they claim two origins, or none', async (t) => {
    const request = `GET /things HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`

    const twice = await exchange(
      t,
      server().url,
      `${request}Origin: ${app}\r\nOrigin: https://evil.test\r\n\r\n`,
    )
    const empty = await exchange(t, server().url, `${request}Origin:\r\n\r\n`)
    const none = await ask({})

    for (const received of [twice, empty]) {
      assert.match(received, /^HTTP\/1\.1 204 /)
      assert.doesNotMatch(received, /access-control/i)
    }
    assert.deepEqual(corsHeadersOf(none), { vary: 'Origin' })
  })
})

describe('pages of other origins, where none is allowed', { timeout: 20_000 }, () => {
  const server = share((t) => serveRoutes(t, routes))

  it('are told nothing, and nothing tells of origins', async () => {
    const url = `${server().url}/things`
    const headers = { origin: app }

    const simple = await fetch(url, { headers })
    const asked = await fetch(url, { method: 'OPTIONS', headers: { ...headers, ...preflight } })

    assert.deepEqual([corsHeadersOf(simple), corsHeadersOf(asked)], [{}, {}])
  })
})
