import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Content, content, fixedReply } from '../../src/http/content.ts'
import { endpoint, nothing } from '../../src/http/endpoint.ts'
import { route } from '../../src/http/router.ts'
import { serveRoutes } from '../kit/servers.ts'
import { share } from '../kit/shared-servers.ts'

const bytes = Buffer.from([0xff, 0x00, 0x0a, 0xfe])
const reply = fixedReply(new Content('image/x-test', bytes), { 'Cache-Control': 'max-age=9' })
const show = endpoint({
  summary: 'Show it',
  access: 'anybody',
  answers: { 200: content('image/x-test'), 304: nothing },
}).handle(reply)

describe('content that is not JSON', { timeout: 10_000 }, () => {
  const server = share((t) => serveRoutes(t, [route('/it', { GET: show })]))
  const ask = (headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${server().url}/it`, { headers, method })

  it('is sent byte by byte, as what it is', async () => {
    const response = await ask()

    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'image/x-test')
    assert.equal(response.headers.get('content-length'), '4')
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(response.headers.get('cache-control'), 'max-age=9')
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes)
  })

  it('has its head for HEAD', async () => {
    const response = await ask({}, 'HEAD')

    assert.equal(response.headers.get('content-length'), '4')
    assert.equal(await response.text(), '')
  })

  it('is not sent to who has it already', async () => {
    const etag = (await ask()).headers.get('etag') ?? ''

    const given = [etag, `W/${etag}`, `"other", ${etag}`, '*']
    const answers = await Promise.all(given.map((tags) => ask({ 'if-none-match': tags })))

    assert.match(etag, /^"[\w-]{22}"$/)
    assert.deepEqual(
      answers.map(({ status, headers }) => [status, headers.get('etag')]),
      given.map(() => [304, etag]),
    )
  })

  it('is sent to who has something else', async () => {
    const { status } = await ask({ 'if-none-match': '"something-else"' })

    assert.equal(status, 200)
  })
})
