import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { describe, it, type TestContext } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { route } from '../../src/http/router.ts'
import { serve } from '../../src/http/server.ts'
import { anything } from '../../src/http/shape.ts'
import { makeCertificate } from '../kit/certificate.ts'
import { endpoint } from '../kit/endpoint.ts'
import { recordedLog } from '../kit/log.ts'
import { exchange, openSocket } from '../kit/sockets.ts'

async function start(t: TestContext) {
  const { cert, key } = makeCertificate(t)
  const tls = { cert, key }
  const greet = endpoint({ answers: { 200: anything() } }).handle(() => ({
    status: 200,
    body: 'hello',
  }))
  const dependencies = {
    routes: [route('/greeting', { GET: greet })],
    log: recordedLog(),
    clock: systemClock,
  }
  const server = await serve({ host: '127.0.0.1', port: 0, tls }, dependencies)
  t.after(() => server.drain({ delaySeconds: 0, graceSeconds: 0 }))
  return { server, url: server.url, ca: tls.cert }
}

async function ask(url: string, ca: string): Promise<{ response: IncomingMessage; body: string }> {
  const request = get(url, { ca, agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let body = ''
  for await (const chunk of response) body += String(chunk)
  return { response, body }
}

describe('a server with a certificate', () => {
  it('answers by TLS and tells clients to keep to it', async (t) => {
    const { url, ca } = await start(t)

    const { response, body } = await ask(`${url}/greeting`, ca)

    assert.match(url, /^https:\/\/127\.0\.0\.1:\d+$/)
    assert.deepEqual([response.statusCode, body], [200, '"hello"'])
    assert.equal(response.headers['strict-transport-security'], 'max-age=31536000')
  })

  it('is not trusted by a client that does not know its certificate', async (t) => {
    const { url } = await start(t)

    await assert.rejects(ask(`${url}/greeting`, ''))
  })

  it('closes the connection of a client that speaks plain HTTP, and goes on', async (t) => {
    const { url, ca } = await start(t)

    const received = await exchange(t, url, 'GET /greeting HTTP/1.1\r\nHost: a\r\n\r\n')

    assert.equal(received.includes('hello'), false)
    assert.equal((await ask(`${url}/greeting`, ca)).response.statusCode, 200)
  })

  it('closes the connection of a client that sends garbage in place of a handshake', async (t) => {
    const { url } = await start(t)
    const socket = await openSocket(t, url)
    const closed = once(socket, 'close')

    socket.resume().write(Buffer.alloc(64))

    await closed
  })

  it('drains like any other', async (t) => {
    const { server, url, ca } = await start(t)
    await ask(`${url}/greeting`, ca)

    await server.drain({ delaySeconds: 0, graceSeconds: 1 })

    await assert.rejects(ask(`${url}/greeting`, ca), { code: 'ECONNREFUSED' })
  })
})
