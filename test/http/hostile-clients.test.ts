import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { nothing } from '../../src/http/endpoint.ts'
import { route } from '../../src/http/router.ts'
import { anything } from '../../src/http/shape.ts'
import { endpoint } from '../kit/endpoint.ts'
import { createGate } from '../kit/gate.ts'
import { recordedLog } from '../kit/log.ts'
import { rawLogin, rightJson, startLoginServer } from '../kit/login-server.ts'
import { waitUntil } from '../kit/processes.ts'
import { assertRefused, readAnswers } from '../kit/raw-answers.ts'
import { serveRoutes } from '../kit/servers.ts'
import { openSocket, statusesIn } from '../kit/sockets.ts'

/** Whether bytes no longer get through. */
function isCutOff(socket: Socket): boolean {
  if (!socket.destroyed) socket.write('more')
  return socket.destroyed
}

const length = `Content-Length: ${rightJson.length}\r\n`
const wrongJson = rightJson.replace('correct', 'another')

describe('a client that pipelines', () => {
  it('gets its answers in the order of its requests', async (t) => {
    const { send } = await startLoginServer(t)
    const login = rawLogin(length, rightJson).replace('Connection: close\r\n', '')
    const health = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'
    const missing = 'GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n'

    const received = await send(login + health + missing + rawLogin('', ''))

    const answers = readAnswers(received)
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 404, 400],
    )
    assert.match(String(await answers[0]?.text()), /"token":"sp_s_/)
    assert.deepEqual(await answers[1]?.json(), { status: 'ok' })
  })

  it('gets a refusal for each of a hundred requests', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)
    const missing = 'GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n'

    const received = await send(missing.repeat(99) + rawLogin('', ''))

    assert.deepEqual(statusesIn(received), [...Array(99).fill(404), 400])
    await assertUnharmed()
  })
})

describe('a client that expects', () => {
  it('100-continue is told to go on, and then is answered', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)

    const received = await send(rawLogin(`${length}Expect: 100-continue\r\n`, wrongJson))

    assert.deepEqual(statusesIn(received), [100, 401])
    await assertUnharmed()
  })

  it('anything else is answered as if it did not', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)

    const received = await send(rawLogin(`${length}Expect: a-miracle\r\n`, wrongJson))

    assert.deepEqual(statusesIn(received), [401])
    await assertUnharmed()
  })
})

describe('a client whose body never ends', () => {
  it('is refused when it has sent more than the limit, long before a megabyte', async (t) => {
    const { url, assertUnharmed } = await startLoginServer(t)
    const socket = await openSocket(t, url)
    const chunk = `400\r\n${'a'.repeat(1_024)}\r\n`
    let received = ''
    socket.on('data', (bytes) => {
      received += String(bytes)
    })

    socket.write(rawLogin('Transfer-Encoding: chunked\r\n', ''))
    let chunks = 0
    for (; received === '' && chunks < 1_024; chunks++) {
      socket.write(chunk)
      await nextTurn()
    }

    assert.ok(chunks < 1_024, 'there was no answer')
    await assertRefused(readAnswers(received)[0], 413, 'content_too_large')
    await assertUnharmed()
  })

  it('is refused at once for more than the limit, with most of the declared length to come', async (t) => {
    const { url, assertUnharmed } = await startLoginServer(t)
    const socket = await openSocket(t, url)

    socket.write(rawLogin('Content-Length: 1000000000\r\n', 'a'.repeat(17_000)))
    const [received] = (await once(socket, 'data')) as [Buffer]

    await assertRefused(readAnswers(received.toString('latin1'))[0], 413, 'content_too_large')
    await assertUnharmed()
  })
})

describe('a client that goes away', () => {
  it('in the middle of its body harms nobody', async (t) => {
    const { url, log, assertUnharmed } = await startLoginServer(t)
    const socket = await openSocket(t, url)

    socket.write(rawLogin('Content-Length: 1000\r\n', rightJson), () => socket.resetAndDestroy())
    await waitUntil(() => log.find('refused').length > 0)

    assert.equal(log.find('refused')[0]?.reason, 'The body did not arrive whole.')
    await assertUnharmed()
  })

  it('by closing its half in the middle of its body harms nobody', async (t) => {
    const { url, log, assertUnharmed } = await startLoginServer(t)
    const socket = await openSocket(t, url)

    socket.resume().end(rawLogin('Content-Length: 1000\r\n', rightJson))
    await waitUntil(() => log.find('refused').length > 0)

    await assertUnharmed()
  })

  it('in the middle of its headers harms nobody', async (t) => {
    const { url, assertUnharmed } = await startLoginServer(t)
    const socket = await openSocket(t, url)

    socket.write('POST /login HTTP/1.1\r\nHost: a\r\nContent-', () => socket.resetAndDestroy())
    await once(socket, 'close')

    await assertUnharmed()
  })

  it('only in part, with its half left open behind a refusal, is cut off', async (t) => {
    const { url, assertUnharmed } = await startLoginServer(t)
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    t.after(() => socket.destroy())
    socket.on('error', () => {}) // to be cut off is what it asks for

    socket.resume().write('garbage\r\n\r\n')
    await once(socket, 'end')
    await waitUntil(() => isCutOff(socket), 2)

    await assertUnharmed()
  })

  it('before its answer harms nobody', async (t) => {
    const log = recordedLog()
    const [begun, mayEnd] = [createGate(), createGate()]
    const act = endpoint({ answers: { 200: anything() } }).handle(async () => {
      begun.open()
      await mayEnd.opened
      return { status: 200, body: 'a'.repeat(100_000) }
    })
    const { url } = await serveRoutes(t, [route('/act', { GET: act })], { log })
    const socket = await openSocket(t, url)

    socket.write('GET /act HTTP/1.1\r\nHost: a\r\n\r\n')
    await begun.opened
    socket.resetAndDestroy()
    await fetch(`${url}/nothing`)
    mayEnd.open()
    await waitUntil(() => log.find('answered').length === 2)

    assert.deepEqual(log.find('failed'), [])
    assert.equal((await fetch(`${url}/act`)).status, 200)
  })

  it('before its body is read does not leave the act waiting for it', async (t) => {
    const log = recordedLog()
    const [begun, mayRead] = [createGate(), createGate()]
    const body = { shape: anything(), formats: ['json'] } as const
    const act = endpoint({ body, answers: { 204: nothing } }).handle(async (call) => {
      begun.open()
      await mayRead.opened
      await call.body()
      return { status: 204, body: undefined }
    })
    const { url } = await serveRoutes(t, [route('/login', { POST: act })], { log })
    const socket = await openSocket(t, url)

    socket.write(rawLogin('Content-Length: 1000\r\n', rightJson))
    await begun.opened
    socket.resetAndDestroy()
    await fetch(`${url}/nothing`)
    mayRead.open()

    const reasons = () => log.find('refused').map(({ reason }) => reason)
    await waitUntil(() => reasons().includes('The body did not arrive whole.'), 2)
  })
})
