import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import { route } from '../../src/http/router.ts'
import { anything } from '../../src/http/shape.ts'
import { endpoint } from '../kit/endpoint.ts'
import { createGate } from '../kit/gate.ts'
import { type ServeOptions, serveRoutes } from '../kit/servers.ts'
import { exchange, openSocket } from '../kit/sockets.ts'

const request = 'GET /wait HTTP/1.1\r\nHost: a\r\n\r\n'

/** A server with `/wait`, which lets its client wait for as long as that is of any use. */
async function start(t: TestContext, options: ServeOptions = {}) {
  const begun = createGate()
  const ended = createGate()
  const wait = endpoint({ answers: { 200: anything() } }).handle(async (call) => {
    const isVain = createGate()
    const goOn = call.whenWaitIsVain(() => isVain.open())
    begun.open()
    await isVain.opened
    goOn()
    ended.open()
    return { status: 200, body: 'no more' }
  })
  const server = await serveRoutes(t, [route('/wait', { GET: wait })], options)
  return { server, url: server.url, begun: begun.opened, ended: ended.opened }
}

describe('a wait', () => {
  it('is vain when its client has gone', async (t) => {
    const { url, begun, ended } = await start(t)
    const socket = await openSocket(t, url)
    socket.write(request)
    await begun

    socket.resetAndDestroy()

    await ended
  })

  it('is vain when its client has said its last, which still gets an answer', async (t) => {
    const { url, begun, ended } = await start(t)
    const socket = await openSocket(t, url)
    const received: Buffer[] = []
    socket.on('data', (chunk) => received.push(chunk))
    socket.write(request)
    await begun

    socket.end()

    await ended
    await once(socket, 'close')
    assert.match(Buffer.concat(received).toString(), /^HTTP\/1.1 200 OK\r\n.*"no more"$/s)
  })

  it('is vain from the start where its client said its last with the request', async (t) => {
    const { url, ended } = await start(t)
    const socket = await openSocket(t, url)

    socket.end(request)

    await ended
  })

  it('is vain when its server stops, which then waits for nobody', async (t) => {
    const { server, url, begun } = await start(t)
    const exchanged = exchange(t, url, request, 10_000)
    await begun

    await server.drain({ delaySeconds: 0, graceSeconds: 60 })

    assert.match(await exchanged, /^HTTP\/1.1 200 OK\r\n.*Connection: close.*"no more"$/s)
  })
})
