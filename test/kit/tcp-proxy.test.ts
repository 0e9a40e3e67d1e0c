import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { waitUntil } from './processes.ts'
import { startProxy } from './tcp-proxy.ts'

/** A target that answers each line with what `answer` makes of it, and counts its connections. */
async function startTarget(t: TestContext, answer = (line: string) => [line]) {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    t.after(() => socket.destroy())
    let text = ''
    socket.on('error', () => {})
    socket.on('close', () => open.delete(socket))
    socket.on('end', () => socket.end('bye\n'))
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) for (const piece of answer(line)) socket.write(`${piece}\n`)
    })
  })
  t.after(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port, not on a pipe
  return { port, connectionCount: () => open.size }
}

/** A client that sends lines and reads lines. */
async function connectTo(t: TestContext, port: number) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  t.after(() => socket.destroy())
  socket.on('error', () => {})
  let received = ''
  let isClosed = false
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('utf8')
  })
  socket.on('close', () => {
    isClosed = true
  })
  await once(socket, 'connect')
  return {
    send: (text: string) => void socket.write(text),
    end: () => void socket.end(),
    received: () => received,
    isClosed: () => isClosed,
    until: async (text: string) => await waitUntil(() => received === text),
  }
}

describe('the proxy', () => {
  it('passes bytes both ways, and counts them', async (t) => {
    const proxy = await startProxy(t, await startTarget(t, () => ['a longer answer']))
    const client = await connectTo(t, proxy.port)

    client.send('question\n')
    await client.until('a longer answer\n')

    assert.deepEqual(proxy.total(), { roundTrips: 1, bytesToTarget: 9, bytesToClient: 16 })
  })

  it('counts one round trip for requests that are sent together', async (t) => {
    const proxy = await startProxy(t, await startTarget(t))
    const client = await connectTo(t, proxy.port)

    client.send('a\nb\nc\n')
    await client.until('a\nb\nc\n')

    assert.equal(proxy.roundTrips(), 1)
  })

  it('counts a round trip for each request that waits for the answer before', async (t) => {
    const proxy = await startProxy(t, await startTarget(t))
    const client = await connectTo(t, proxy.port)

    client.send('a\n')
    await client.until('a\n')
    client.send('b\n')
    await client.until('a\nb\n')

    assert.equal(proxy.roundTrips(), 2)
  })

  it('counts one round trip for a long answer that comes in pieces', async (t) => {
    const long = 'x'.repeat(3_000_000)
    const proxy = await startProxy(t, await startTarget(t, () => [long, long]))
    const client = await connectTo(t, proxy.port)

    client.send('a\n')
    await waitUntil(() => client.received().length === 2 * long.length + 2)

    assert.equal(proxy.roundTrips(), 1)
  })

  it('counts for each connection, and from zero again when told to', async (t) => {
    const proxy = await startProxy(t, await startTarget(t))
    const [one, other] = [await connectTo(t, proxy.port), await connectTo(t, proxy.port)]
    one.send('a\n')
    await one.until('a\n')
    other.send('long\n')
    await other.until('long\n')
    const before = proxy.perConnection()

    proxy.reset()

    assert.deepEqual(
      before.map(({ bytesToTarget }) => bytesToTarget),
      [2, 5],
    )
    assert.equal(proxy.connections(), 2)
    assert.deepEqual(proxy.total(), { roundTrips: 0, bytesToTarget: 0, bytesToClient: 0 })
  })

  it('holds everything while it is paused, also of those who connect, and loses nothing', async (t) => {
    const proxy = await startProxy(t, await startTarget(t))
    const old = await connectTo(t, proxy.port)
    old.send('a\n')
    await old.until('a\n')

    proxy.pause()
    old.send('b\n')
    const fresh = await connectTo(t, proxy.port)
    fresh.send('c\n')
    await new Promise((resolve) => setTimeout(resolve, 50))
    const heldTotal = proxy.total()
    proxy.resume()

    await old.until('a\nb\n')
    await fresh.until('c\n')
    assert.deepEqual(heldTotal, { roundTrips: 1, bytesToTarget: 2, bytesToClient: 2 })
    assert.equal(proxy.roundTrips(), 3)
  })

  it('cuts all connections at both ends, and takes new ones', async (t) => {
    const target = await startTarget(t)
    const proxy = await startProxy(t, target)
    const client = await connectTo(t, proxy.port)
    client.send('a\n')
    await client.until('a\n')

    proxy.cut()

    await waitUntil(() => client.isClosed() && target.connectionCount() === 0)
    assert.equal(proxy.connections(), 0)
    const next = await connectTo(t, proxy.port)
    next.send('b\n')
    await next.until('b\n')
  })

  it('refuses who connects until it is told to stop, and keeps who is there', async (t) => {
    const proxy = await startProxy(t, await startTarget(t))
    const old = await connectTo(t, proxy.port)

    await proxy.refuse(true)

    await assert.rejects(connectTo(t, proxy.port), /ECONNREFUSED/)
    old.send('a\n')
    await old.until('a\n')
    await proxy.refuse(false)
    const next = await connectTo(t, proxy.port)
    next.send('b\n')
    await next.until('b\n')
  })

  it('passes the end of one side on and what the other still says', async (t) => {
    const target = await startTarget(t)
    const proxy = await startProxy(t, target)
    const client = await connectTo(t, proxy.port)

    client.send('a\n')
    client.end()

    await client.until('a\nbye\n')
    await waitUntil(() => client.isClosed() && target.connectionCount() === 0)
    assert.equal(proxy.connections(), 0)
  })

  it('closes on the client where the target is not there', async (t) => {
    const proxy = await startProxy(t, await startTarget(t))
    const toNobody = await startProxy(t, proxy)
    await proxy.refuse(true)

    const client = await connectTo(t, toNobody.port)

    await waitUntil(() => client.isClosed())
  })

  it('puts its address into a URL and leaves the rest', async (t) => {
    const proxy = await startProxy(t, { port: 1 })

    const url = proxy.through('postgres://user:p%40ss@localhost:5432/name?x=1')

    assert.equal(url, `postgres://user:p%40ss@127.0.0.1:${proxy.port}/name?x=1`)
  })
})
