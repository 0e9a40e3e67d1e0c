import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Call } from '../../src/http/endpoint.ts'
import { route } from '../../src/http/router.ts'
import { object, optional, type TypeOf, text } from '../../src/http/shape.ts'
import { endpoint } from '../kit/endpoint.ts'
import { serveRoutes } from '../kit/servers.ts'

const query = object({ cursor: optional(text({ maxLength: 3 })), limit: optional(text()) })

/** What an act reads of a request to `/items/:id`. */
async function ask(
  t: TestContext,
  read: (call: Call<unknown, TypeOf<typeof query>>) => unknown,
  { target = '/items/1', headers = {}, trustedProxyHops = 0 } = {},
) {
  const answers = { 200: object({ read: text() }) }
  const show = endpoint({ query, answers }).handle((call) => ({
    status: 200,
    body: { read: JSON.stringify(read(call)) },
  }))
  const { url } = await serveRoutes(t, [route('/items/:id', { GET: show })], { trustedProxyHops })
  const response = await fetch(`${url}${target}`, { headers })
  const body = (await response.json()) as { read?: string; error_description?: string }
  return { status: response.status, ...body, read: body.read && JSON.parse(body.read) }
}

describe('a call', () => {
  it('knows what its path says', async (t) => {
    const { read } = await ask(t, (call) => call.param('id'), { target: '/items/a%2Fb?id=c' })

    assert.equal(read, 'a/b')
  })

  it('is our fault where it is asked for a parameter that its route has not', async (t) => {
    const { status } = await ask(t, (call) => call.param('name'))

    assert.equal(status, 500)
  })

  it('reads its query by a shape', async (t) => {
    const target = '/items/1?limit=5&cursor=%c3%a9+b&more=x'

    const { read } = await ask(t, (call) => call.query(), { target })

    assert.deepEqual(read, { cursor: 'é b', limit: '5' })
  })

  it('reads nothing where there is no query', async (t) => {
    assert.deepEqual((await ask(t, (call) => call.query())).read, {})
  })

  const badQueries = {
    'a field twice': '?limit=1&limit=1',
    'a bad escape': '?limit=%zz',
    'a field that is too long': '?cursor=abcd',
  }
  for (const [what, search] of Object.entries(badQueries)) {
    it(`refuses a query with ${what}`, async (t) => {
      const target = `/items/1${search}`

      const { status, read } = await ask(t, (call) => call.query(), { target })

      assert.deepEqual({ status, read }, { status: 400, read: undefined })
    })
  }

  it('knows where it comes from', async (t) => {
    const headers = { 'x-forwarded-for': '203.0.113.9' }

    const direct = await ask(t, (call) => call.source, { headers })
    const proxied = await ask(t, (call) => call.source, { headers, trustedProxyHops: 1 })

    assert.equal(direct.read, '127.0.0.1')
    assert.equal(proxied.read, '203.0.113.9')
  })
})
