import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { nothing } from '../../src/http/endpoint.ts'
import { route } from '../../src/http/router.ts'
import { serve } from '../../src/http/server.ts'
import { text } from '../../src/http/shape.ts'
import { makeCertificate } from '../kit/certificate.ts'
import { manualClock } from '../kit/clock.ts'
import { endpoint } from '../kit/endpoint.ts'
import { recordedLog } from '../kit/log.ts'
import { waitUntil } from '../kit/processes.ts'
import { openSocket } from '../kit/sockets.ts'

const request = 'GET /held HTTP/1.1\r\nHost: a\r\n\r\n'

/** A server whose one endpoint answers when the test lets it, and whose clock the test moves. */
async function start(t: TestContext) {
  const clock = manualClock()
  let release = () => {}
  const held = endpoint({ answers: { 204: nothing } }).handle(async () => {
    await new Promise<void>((resolve) => {
      release = resolve
    })
    return { status: 204, body: undefined }
  })
  const log = recordedLog()
  const routes = [route('/held', { GET: held })]
  const listen = { host: '127.0.0.1', port: 0, tls: undefined }
  const server = await serve(listen, { routes, log, clock })
  const socket = await openSocket(t, server.url)
  t.after(async () => {
    socket.destroy()
    await server.drain({ delaySeconds: 0, graceSeconds: 0 })
  })
  const pass = (seconds: number) => {
    for (let passed = 0; passed < seconds; passed += 5) clock.advance(5_000)
  }
  return { socket, pass, release: () => release() }
}

/** Sends a request and waits for its answer, which `release` lets through once it is asked for. */
async function exchange(socket: Socket, release: () => void): Promise<string> {
  const answered = once(socket, 'data')
  socket.write(request)
  const timer = setInterval(release, 5)
  const [data] = (await answered) as [Buffer]
  clearInterval(timer)
  return data.toString('latin1')
}

describe('a connection without traffic', () => {
  it('ends after a minute also where nothing was ever sent on it', async (t) => {
    const { socket, pass } = await start(t)
    const closed = once(socket, 'close')
    await new Promise((resolve) => setTimeout(resolve, 20))

    pass(70)

    await closed
    assert.equal(socket.destroyed, true)
  })

  it('ends after a minute', async (t) => {
    const { socket, pass, release } = await start(t)
    await exchange(socket, release)
    const closed = once(socket, 'close')

    pass(70)

    await closed
    assert.equal(socket.destroyed, true)
  })

  it('is there for the next request before the minute is over', async (t) => {
    const { socket, pass, release } = await start(t)
    await exchange(socket, release)

    pass(55)
    const answer = await exchange(socket, release)

    assert.match(answer, /^HTTP\/1\.1 204 /)
  })

  it('has its minute anew after each request', async (t) => {
    const { socket, pass, release } = await start(t)

    for (let round = 0; round < 3; round++) {
      await exchange(socket, release)
      pass(50)
    }
    const answer = await exchange(socket, release)

    assert.match(answer, /^HTTP\/1\.1 204 /)
  })

  it('is not idle while a request waits for its answer', async (t) => {
    const { socket, pass, release } = await start(t)
    const answered = once(socket, 'data')
    socket.write(request)
    await new Promise((resolve) => setTimeout(resolve, 50))

    pass(120)
    release()

    const [data] = (await answered) as [Buffer]
    assert.match(data.toString('latin1'), /^HTTP\/1\.1 204 /)
  })
})

describe('a connection on which nothing was ever sent', () => {
  it('does not hold up the end of the server, whatever the grace', async (t) => {
    const log = recordedLog()
    const listen = { host: '127.0.0.1', port: 0, tls: undefined }
    const server = await serve(listen, { routes: [], log, clock: systemClock })
    const socket = await openSocket(t, server.url)
    const closed = once(socket, 'close')

    await server.drain({ delaySeconds: 0, graceSeconds: 3_600 })

    await closed
    assert.deepEqual(log.find('requests in flight were cut'), [])
  })

  it('is cut by the grace where its TLS handshake never began', async (t) => {
    const { cert, key } = makeCertificate(t)
    const listen = { host: '127.0.0.1', port: 0, tls: { cert, key } }
    const server = await serve(listen, { routes: [], log: recordedLog(), clock: systemClock })
    const socket = await openSocket(t, server.url)
    const closed = once(socket, 'close')

    await server.drain({ delaySeconds: 0, graceSeconds: 1 })

    await closed
    assert.equal(socket.destroyed, true)
  })
})

describe('a client that does not read its answers', () => {
  it('is not waited for: its connection ends after a minute', async (t) => {
    const clock = manualClock()
    const long = endpoint({ answers: { 200: text() } }).handle(() => ({
      status: 200,
      body: 'x'.repeat(16 * 1024 * 1024),
    }))
    const routes = [route('/long', { GET: long })]
    const listen = { host: '127.0.0.1', port: 0, tls: undefined }
    const server = await serve(listen, { routes, log: recordedLog(), clock })
    t.after(() => server.drain({ delaySeconds: 0, graceSeconds: 0 }))
    const socket = await openSocket(t, server.url)
    socket.pause()
    socket.write('GET /long HTTP/1.1\r\nHost: a\r\n\r\n')
    await waitUntil(() => socket.bytesRead > 0 || socket.readableLength > 0)
    await new Promise((resolve) => setTimeout(resolve, 100))

    for (let sweep = 0; sweep < 15; sweep++) clock.advance(5_000)
    socket.resume()

    await once(socket, 'close')
    assert.ok(socket.bytesRead < 16 * 1024 * 1024)
  })
})

describe('a client that closes its side behind its request', () => {
  it('gets its answer, and then the connection ends', async (t) => {
    const { socket, release } = await start(t)
    const closed = once(socket, 'close')
    let received = ''
    socket.on('data', (chunk) => {
      received += String(chunk)
    })

    socket.end(request)
    await new Promise((resolve) => setTimeout(resolve, 50))
    release()
    await closed

    assert.match(received, /^HTTP\/1\.1 204 /)
  })
})
