import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nothing } from '../../src/http/endpoint.ts'
import { createRouter, route } from '../../src/http/router.ts'
import { callOf } from '../kit/calls.ts'
import { endpoint } from '../kit/endpoint.ts'

const act = () =>
  endpoint({ answers: { 204: nothing } }).handle(() => ({ status: 204, body: undefined }))
const getData = act()
const postLogin = act()
const showRoot = act()
const showItem = act()
const showNone = act()
const showPart = act()
const router = createRouter([
  route('/', { GET: showRoot }),
  route('/data', { GET: getData, DELETE: act() }),
  route('/deep/path', { GET: act() }),
  route('/login', { POST: postLogin }),
  route('/items/:id', { GET: showItem, DELETE: act() }),
  route('/items/none', { GET: showNone }),
  route('/items/:id/parts/:part', { GET: showPart }),
])

const notFound = { code: 'not_found', status: 404, message: 'There is nothing at this path.' }
const badEscape = { code: 'invalid_request', status: 400, message: 'The path has a bad escape.' }
const notAllowed = (allow: string) => ({
  code: 'method_not_allowed',
  status: 405,
  headers: { Allow: allow },
})

describe('the router', () => {
  it('finds an endpoint by method and path', () => {
    assert.deepEqual(router('GET', '/data'), { path: '/data', endpoint: getData, params: {} })
    assert.deepEqual(router('POST', '/login'), { path: '/login', endpoint: postLogin, params: {} })
    assert.equal(router('GET', '/').endpoint, showRoot)
    assert.equal(router('GET', '/?a').endpoint, showRoot)
    assert.equal(router('GET', 'http://evil.test/').endpoint, showRoot)
  })

  const sameTargets = [
    '/data/',
    '/data?',
    '/data?a=b',
    '/data/?a=b',
    '/data?x=/login',
    '/data?%zz',
    '/data??',
    '/d%61ta',
    '/%64%61%74%61/',
    'http://127.0.0.1:4001/data',
    'HTTPS://evil.test/data?x',
  ]

  it('takes a trailing slash, a query, an escape and the absolute form for the same path', () => {
    for (const target of sameTargets)
      assert.deepEqual(
        router('GET', target),
        { path: '/data', endpoint: getData, params: {} },
        target,
      )
  })

  it('takes a segment behind a colon for whatever stands there, decoded', () => {
    const match = (target: string) => {
      const { path, endpoint, params } = router('GET', target)
      return { path, endpoint, params }
    }

    const path = '/items/:id'
    const one = match('/items/1?x=/items/2')
    const odd = match('/items/%C3%A9%20%2F%3a/')
    const named = match('/items/:id')
    const part = match('/items/a/parts/b')

    assert.deepEqual(one, { path, endpoint: showItem, params: { id: '1' } })
    assert.deepEqual(odd, { path, endpoint: showItem, params: { id: 'é /:' } })
    assert.deepEqual(named, { path, endpoint: showItem, params: { id: ':id' } })
    const partPath = '/items/:id/parts/:part'
    assert.deepEqual(part, { path: partPath, endpoint: showPart, params: { id: 'a', part: 'b' } })
  })

  it('prefers the path that is written out', () => {
    assert.equal(router('GET', '/items/none').endpoint, showNone)
    assert.throws(() => router('DELETE', '/items/none'), notAllowed('GET, HEAD, OPTIONS'))
  })

  it('finds nothing where a segment is missing, empty or one too many', () => {
    for (const target of ['/items', '/items/', '/items//', '/items/1/2', '/items//parts/b', '//1'])
      assert.throws(() => router('GET', target), notFound, target)
  })

  const otherTargets = [
    '/nothing',
    '/Data',
    '/data//',
    '//data',
    '//evil.test/data',
    '/x/../data',
    '/./data',
    '/x/%2e%2e/data',
    '/..%2fdata',
    '/data%2F',
    '/deep%2Fpath',
    '/deep%2fpath/',
    '/data%00',
    '/data%3Fa',
    '/%2564ata',
    '/data;a=b',
    '/data#fragment',
    '/data ',
    '/deep',
    '/data/more',
    '\\data',
    'data',
    '',
    'http://evil.test',
    'ftp://evil.test/data',
    'http://evil.test//data',
    'constructor',
    '/__proto__',
  ]

  it('finds nothing at any other path', () => {
    for (const target of otherTargets) assert.throws(() => router('GET', target), notFound, target)
  })

  it('refuses a path with a bad escape', () => {
    for (const target of ['/%', '/data%', '/da%zzta', '/%c0%80', '/%ff', '/data/%e2%82?x'])
      assert.throws(() => router('GET', target), badEscape, target)
  })

  it('refuses a method that the path has not, and says which it has', () => {
    assert.throws(() => router('POST', '/data/'), notAllowed('GET, DELETE, HEAD, OPTIONS'))
    assert.throws(() => router('GET', '/login?a'), notAllowed('POST, OPTIONS'))
    assert.throws(() => router('get', '/data'), notAllowed('GET, DELETE, HEAD, OPTIONS'))
    assert.throws(() => router('constructor', '/login'), notAllowed('POST, OPTIONS'))
  })

  it('answers HEAD by GET, and only where there is GET', () => {
    assert.equal(router('HEAD', '/data').endpoint, getData)
    assert.throws(() => router('HEAD', '/login'), notAllowed('POST, OPTIONS'))
  })

  it('answers OPTIONS with the methods of the path', async () => {
    const { endpoint: options } = router('OPTIONS', '/data/?a')

    const reply = await options.handle(callOf({}))

    assert.deepEqual(reply, {
      status: 204,
      body: undefined,
      headers: { Allow: 'GET, DELETE, HEAD, OPTIONS' },
    })
  })

  it('answers OPTIONS * for the whole server, and nothing else there', async () => {
    const { endpoint: options } = router('OPTIONS', '*')

    const reply = await options.handle(callOf({}))

    assert.equal(reply.status, 204)
    assert.throws(() => router('GET', '*'), notAllowed('OPTIONS'))
  })

  it('finds nothing for OPTIONS of an unknown path', () => {
    assert.throws(() => router('OPTIONS', '/nothing'), notFound)
  })

  it('is not made from a table that has a path twice', () => {
    const routes = [route('/data', { GET: getData }), route('/data', { POST: postLogin })]

    assert.throws(() => createRouter(routes), TypeError)
  })
})
