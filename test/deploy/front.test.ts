import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { refusals } from '../../src/http/refusal.ts'
import { skipUnless } from '../kit/installed.ts'
import { nowhere, startFrontWith, startFrontWithOne, startStandIn, template } from './front.ts'

describe('nginx in front of the servers', { skip: skipUnless('nginx') }, () => {
  it('leads each of its ports to its own servers, both of them', async (t) => {
    const named = (name: string) => startStandIn(t, (_request, response) => response.end(name))
    const auth = [await named('auth-1'), await named('auth-2')] as const
    const business = [await named('business-1'), await named('business-2')] as const
    const { call } = await startFrontWith(t, { auth, business })

    const answers = {
      auth: [(await call('auth')).text, (await call('auth')).text],
      business: [(await call('business')).text, (await call('business')).text],
    }

    assert.deepEqual(answers.auth.sort(), ['auth-1', 'auth-2'])
    assert.deepEqual(answers.business.sort(), ['business-1', 'business-2'])
  })

  it('says itself who the client is, and passes nothing on that a client says of it', async (t) => {
    const { seen, front } = await startFrontWithOne(t)
    const claims = [
      'X-Forwarded-For: 6.6.6.6',
      'X-Forwarded-Proto: gopher',
      'X-Forwarded-Host: evil.test',
      'X-Forwarded-Port: 1',
      'X-Real-IP: 6.6.6.6',
      'Forwarded: for=6.6.6.6',
      'Host: evil.test',
      'Connection: close',
    ]

    await front.exchange('business', `GET /data HTTP/1.1\r\n${claims.join('\r\n')}\r\n\r\n`)

    const headers = seen[0]?.headers ?? {}
    assert.equal(headers['x-forwarded-for'], '127.0.0.1')
    assert.equal(headers['x-forwarded-proto'], 'https')
    assert.equal(headers['x-forwarded-port'], undefined)
    assert.doesNotMatch(JSON.stringify(seen[0]?.rawHeaders), /6\.6|evil|gopher/)
  })

  it('passes a well-formed request id on, and another one in place of any other', async (t) => {
    const { seen, call } = await startFrontWithOne(t)
    const ids = ['0123abcd-4567', 'sp_s_secret', '0123456', `${'a'.repeat(37)}`]

    for (const id of ids) await call('business', { headers: { 'x-request-id': id } })

    const passed = seen.map(({ headers }) => headers['x-request-id'])
    assert.equal(passed[0], ids[0])
    for (const id of passed.slice(1)) assert.match(String(id), /^[0-9a-f]{32}$/)
  })

  it('passes tokens, bodies and answers on as they are', async (t) => {
    const { seen, call } = await startFrontWithOne(t, (_request, response) => {
      response.writeHead(401, { 'WWW-Authenticate': 'Bearer', 'X-Request-Id': 'abcdef01' })
      response.end('{"error":"invalid_token"}')
    })

    const answer = await call('business', { headers: { token: 'x', authorization: 'Bearer x' } })

    assert.deepEqual([seen[0]?.headers.token, seen[0]?.headers.authorization], ['x', 'Bearer x'])
    assert.deepEqual([answer.status, answer.text], [401, '{"error":"invalid_token"}'])
    assert.equal(answer.headers['www-authenticate'], 'Bearer')
    assert.equal(answer.headers['x-request-id'], 'abcdef01')
    assert.equal(answer.headers.server, 'nginx')
    assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000')
  })

  it('answers 503 with Retry-After where no server is there', async (t) => {
    const nobody = await nowhere()
    const { call } = await startFrontWith(t, { auth: [nobody, nobody], business: [nobody, nobody] })

    const answer = await call('auth', { headers: { 'x-request-id': '0123abcd' } })

    assert.equal(answer.status, 503)
    assert.equal(answer.headers['retry-after'], '1')
    assert.equal(answer.headers['x-request-id'], '0123abcd')
    assert.equal(JSON.parse(answer.text).error, 'temporarily_unavailable')
    assert.equal(JSON.parse(answer.text).request_id, '0123abcd')
  })

  it('refuses by itself what no server should read, in the shape of all errors', async (t) => {
    const { seen, front, call } = await startFrontWithOne(t)
    const requests = {
      invalid_request: 'GET / HTTP/1.1\r\nHost: x y\r\n\r\n',
      method_not_allowed: 'TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    }

    for (const [error, bytes] of Object.entries(requests)) {
      const answer = await front.exchange('auth', bytes)
      const body = JSON.parse(answer.split('\r\n\r\n')[1] ?? '')
      assert.deepEqual(Object.keys(body), ['error', 'error_description', 'request_id'])
      assert.equal(body.error, error)
    }
    const long = await call('auth', { method: 'POST', body: 'x'.repeat(131_073) })
    assert.deepEqual([long.status, JSON.parse(long.text).error], [413, 'content_too_large'])
    assert.equal(seen.length, 0)
  })

  it('refuses with the codes and statuses of the servers alone', () => {
    const written = [
      ...readFileSync(template, 'utf8').matchAll(/return (\d+) '\{"error":"(\w+)"/g),
    ].map(([, status, code]) => [code, Number(status)])

    assert.ok(written.length > 4)
    for (const [code, status] of written) {
      assert.equal(refusals[code as keyof typeof refusals]?.status, status)
    }
  })
})
