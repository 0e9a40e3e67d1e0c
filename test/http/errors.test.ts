import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { Refusal } from '../../src/http/refusal.ts'
import { route } from '../../src/http/router.ts'
import { anything, object, text } from '../../src/http/shape.ts'
import { endpoint } from '../kit/endpoint.ts'
import { recordedLog } from '../kit/log.ts'
import { assertRefused } from '../kit/raw-answers.ts'
import { serveRoutes } from '../kit/servers.ts'

const answers = { 200: anything() }

const echo = endpoint({
  body: { shape: object({ name: text({ maxLength: 5 }) }), formats: ['json'] },
  answers,
}).handle(async (call) => ({ status: 200, body: await call.body() }))
const faulty = endpoint({ answers }).handle(() => {
  throw new Error('planted reason')
})
const refusing = endpoint({ answers }).handle(async () => {
  throw new Refusal('invalid_token', 'It is dead.', { headers: { 'X-Extra': 'a' } })
})
const unwritable = endpoint({ answers }).handle(() => ({ status: 200, body: { count: 1n } }))

async function start(t: TestContext) {
  const log = recordedLog()
  const routes = [
    route('/echo', { POST: echo }),
    route('/faulty', { GET: faulty }),
    route('/refusing', { GET: refusing }),
    route('/unwritable', { GET: unwritable }),
  ]
  const { url } = await serveRoutes(t, routes, { log })
  return { url, log }
}

const postTo = (url: string, contentType: string, body: string) =>
  fetch(url, { method: 'POST', headers: { 'content-type': contentType }, body })

describe('an error', () => {
  it('has the one shape for a path that is not there', async (t) => {
    const { url } = await start(t)

    const response = await fetch(`${url}/nothing`)

    await assertRefused(response, 404, 'not_found')
  })

  it('has the one shape for a bad escape', async (t) => {
    const { url } = await start(t)

    const response = await fetch(`${url}/%zz`)

    await assertRefused(response, 400, 'invalid_request')
  })

  it('has the one shape for a method that the path has not, and names those that it has', async (t) => {
    const { url } = await start(t)

    const response = await fetch(`${url}/echo/`, { method: 'DELETE' })

    await assertRefused(response, 405, 'method_not_allowed')
    assert.equal(response.headers.get('allow'), 'POST, OPTIONS')
  })

  it('has the one shape for a body that is too long', async (t) => {
    const { url } = await start(t)

    const response = await postTo(`${url}/echo`, 'application/json', ' '.repeat(16_385))

    await assertRefused(response, 413, 'content_too_large')
  })

  it('has the one shape for a body of another type', async (t) => {
    const { url } = await start(t)

    const response = await postTo(`${url}/echo`, 'text/plain', '{"name":"a"}')

    await assertRefused(response, 415, 'unsupported_media_type')
  })

  it('names the field that is wrong and repeats nothing of it', async (t) => {
    const { url } = await start(t)

    const response = await postTo(`${url}/echo`, 'application/json', '{"name":"planted"}')

    const description = await assertRefused(response, 400, 'invalid_request')
    assert.equal(description, "The field 'name' is longer than 5 characters.")
  })

  it('carries the challenge of its code and the headers of its refusal', async (t) => {
    const { url } = await start(t)

    const response = await fetch(`${url}/refusing`)

    await assertRefused(response, 401, 'invalid_token')
    assert.equal(
      response.headers.get('www-authenticate'),
      'Bearer realm="sallyport", error="invalid_token"',
    )
    assert.equal(response.headers.get('x-extra'), 'a')
  })

  it('by a fault says nothing to the client and everything to the log', async (t) => {
    const { url, log } = await start(t)

    const response = await fetch(`${url}/faulty`)

    const id = response.headers.get('x-request-id')
    const description = await assertRefused(response, 500, 'server_error')
    const [line] = log.find('failed')
    assert.equal(description, 'Something went wrong on our side.')
    assert.deepEqual([line?.level, line?.path, line?.request_id], ['error', '/faulty', id])
    assert.match(String(line?.error), /^Error: planted reason\n/)
  })

  it('by a reply that cannot be written is a fault like any other', async (t) => {
    const { url } = await start(t)

    const response = await fetch(`${url}/unwritable`, { signal: AbortSignal.timeout(2_000) })

    await assertRefused(response, 500, 'server_error')
  })
})
