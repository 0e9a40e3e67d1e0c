import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { route } from '../../src/http/router.ts'
import { anything } from '../../src/http/shape.ts'
import { manualClock } from '../kit/clock.ts'
import { countedClock } from '../kit/counted-clock.ts'
import { endpoint } from '../kit/endpoint.ts'
import { createGate } from '../kit/gate.ts'
import { recordedLog } from '../kit/log.ts'
import { serveRoutes } from '../kit/servers.ts'
import { openSocket } from '../kit/sockets.ts'

/** A server with `/quick` and with `/slow`, which says that it has begun and waits until it may end. */
async function start(t: TestContext) {
  const clock = countedClock(manualClock())
  const log = recordedLog()
  const begun = createGate()
  const mayEnd = createGate()
  const answers = { 200: anything() }
  const quick = endpoint({ answers }).handle(() => ({ status: 200, body: 'quick' }))
  const slow = endpoint({ answers }).handle(async () => {
    begun.open()
    await mayEnd.opened
    return { status: 200, body: 'slow' }
  })
  const routes = [route('/quick', { GET: quick }), route('/slow', { GET: slow })]
  const server = await serveRoutes(t, routes, { log, clock })
  t.after(() => mayEnd.open())
  return { server, url: server.url, clock, log, begun: begun.opened, letEnd: () => mayEnd.open() }
}

/** The alarms of a server: to sum up refusals, always; to end its grace and its linger, once it accepts no more. */
const [whileRunning, onceClosing] = [2, 4]

async function untilClosing(clock: { pending(): number }): Promise<void> {
  for (let turns = 0; clock.pending() < onceClosing; turns++) {
    assert.ok(turns < 10_000, 'it goes on accepting')
    await nextTurn()
  }
}

const lingerMilliseconds = 200
const quietMilliseconds = 50

/** After a delay: nobody has come for a while. */
async function passQuiet(clock: { pending(): number; advance(milliseconds: number): void }) {
  for (let turns = 0; clock.pending() < whileRunning + 2; turns++) {
    assert.ok(turns < 10_000, 'it waits for nobody')
    await nextTurn()
  }
  clock.advance(quietMilliseconds)
}

/** A connection that has had an answer and may have another. */
async function keepIdle(t: TestContext, url: string): Promise<Socket> {
  const socket = await openSocket(t, url)
  socket.write('GET /quick HTTP/1.1\r\nHost: a\r\n\r\n')
  await once(socket, 'data')
  return socket
}

describe('a server that drains', () => {
  it('finishes a request in flight and asks its client to close', async (t) => {
    const { server, url, clock, begun, letEnd } = await start(t)
    const answering = fetch(`${url}/slow`)
    await begun

    const drained = server.drain({ delaySeconds: 0, graceSeconds: 10 })
    await untilClosing(clock)
    clock.advance(lingerMilliseconds)
    letEnd()
    const response = await answering

    assert.equal(await response.json(), 'slow')
    assert.equal(response.headers.get('connection'), 'close')
    await drained
  })

  it('does not resolve while a request is in flight', async (t) => {
    const { server, url, clock, begun, letEnd } = await start(t)
    const answering = fetch(`${url}/slow`)
    await begun
    let isDrained = false

    const drained = server.drain({ delaySeconds: 0, graceSeconds: 10 }).then(() => {
      isDrained = true
    })
    await untilClosing(clock)
    clock.advance(9_999)
    await nextTurn()

    assert.equal(isDrained, false)
    letEnd()
    assert.equal((await answering).status, 200)
    await drained
  })

  it('accepts on for the delay, with Connection: close on each answer', async (t) => {
    const { server, url, clock } = await start(t)

    const drained = server.drain({ delaySeconds: 5, graceSeconds: 10 })
    clock.advance(4_999)
    const response = await fetch(`${url}/quick`)

    assert.equal(response.status, 200)
    assert.equal(response.headers.get('connection'), 'close')
    clock.advance(1)
    await passQuiet(clock)
    await drained
  })

  it('keeps connections alive until it is told to drain', async (t) => {
    const { url } = await start(t)

    const response = await fetch(`${url}/quick`)

    assert.equal(response.headers.get('connection'), 'keep-alive')
  })

  it('accepts nobody after the delay, though a request is still in flight', async (t) => {
    const { server, url, clock, begun, letEnd } = await start(t)
    const answering = fetch(`${url}/slow`)
    await begun

    const drained = server.drain({ delaySeconds: 5, graceSeconds: 10 })
    clock.advance(5_000)
    await passQuiet(clock)
    await untilClosing(clock)

    await assert.rejects(openSocket(t, url), { code: 'ECONNREFUSED' })
    letEnd()
    assert.equal((await answering).status, 200)
    await drained
  })

  it('is not held up by an idle keep-alive connection, which it closes', async (t) => {
    const { server, url, clock } = await start(t)
    const closed = once(await keepIdle(t, url), 'close')

    const drained = server.drain({ delaySeconds: 0, graceSeconds: 10 })
    await untilClosing(clock)
    clock.advance(lingerMilliseconds)

    await drained
    await closed
  })

  it('still answers a request that comes on an open connection just after it stopped accepting', async (t) => {
    const { server, url, clock } = await start(t)
    const open = await keepIdle(t, url)

    const drained = server.drain({ delaySeconds: 0, graceSeconds: 10 })
    await untilClosing(clock)
    clock.advance(lingerMilliseconds - 1)
    open.write('GET /quick HTTP/1.1\r\nHost: a\r\n\r\n')
    const [received] = (await once(open, 'data')) as [Buffer]

    assert.match(received.toString(), /^HTTP\/1\.1 200 OK\r\n/)
    assert.match(received.toString(), /\r\nConnection: close\r\n/)
    clock.advance(1)
    await drained
  })

  it('cuts what hangs when the grace is over, and says so in the log', async (t) => {
    const { server, url, clock, log, begun } = await start(t)
    const answering = assert.rejects(fetch(`${url}/slow`))
    await begun

    const drained = server.drain({ delaySeconds: 0, graceSeconds: 10 })
    await untilClosing(clock)
    clock.advance(9_999)
    const linesBefore = log.find('requests in flight were cut').length
    clock.advance(1)

    await drained
    await answering
    assert.equal(linesBefore, 0)
    assert.equal(log.find('requests in flight were cut')[0]?.grace_seconds, 10)
  })

  it('cuts nothing and says nothing where all have finished', async (t) => {
    const { server, clock, log } = await start(t)

    await server.drain({ delaySeconds: 0, graceSeconds: 10 })
    clock.advance(10_000)

    assert.deepEqual(log.find('requests in flight were cut'), [])
  })

  it('sums up the refusals that were not yet in the log', async (t) => {
    const { server, url, clock, log } = await start(t)
    await fetch(`${url}/nothing`)
    await fetch(`${url}/nothing`)

    const drained = server.drain({ delaySeconds: 0, graceSeconds: 10 })
    await untilClosing(clock)
    clock.advance(lingerMilliseconds)
    await drained

    assert.equal(log.find('refused again')[0]?.count, 1)
  })
})

describe('a server that has drained', () => {
  it('leaves no timer running', async (t) => {
    const { server, url, clock } = await start(t)
    await keepIdle(t, url)
    assert.equal(clock.pending(), whileRunning)

    const drained = server.drain({ delaySeconds: 1, graceSeconds: 10 })
    clock.advance(1_000)
    await passQuiet(clock)
    await untilClosing(clock)
    clock.advance(lingerMilliseconds)
    await drained

    assert.equal(clock.pending(), 0)
  })
})

describe('a server that runs', () => {
  it('sums up repeated refusals every ten seconds', async (t) => {
    const { url, clock, log } = await start(t)
    await fetch(`${url}/nothing`)
    await fetch(`${url}/nothing`)
    await fetch(`${url}/nothing`)

    clock.advance(9_999)
    const linesBefore = log.find('refused again').length
    clock.advance(1)

    assert.equal(linesBefore, 0)
    assert.equal(log.find('refused again')[0]?.count, 2)
  })
})
