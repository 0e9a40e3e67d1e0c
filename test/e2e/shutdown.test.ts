/**
 * No request that was accepted fails: whoever wrote a request on a connection that the server had accepted gets a whole
 * answer. Who comes after the listening socket was closed is refused, and may go elsewhere.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { demoServiceToken, logInDemo, postLogin } from '../kit/demo.ts'
import { startLoad } from '../kit/keep-alive-load.ts'
import { type ServerProcess, startAuth, startBoth, waitUntil } from '../kit/processes.ts'
import { openSocket, statusesIn } from '../kit/sockets.ts'

describe('SIGTERM under keep-alive load', () => {
  it('cuts no request short at auth, which stops accepting at once', async (t) => {
    const auth = await startAuth(t)

    const { ended, outcomes } = await stopUnderLoad(
      auth,
      validation(await demoServiceToken(auth.url)),
    )

    assert.deepEqual(ended, { code: 0, signal: null })
    assert.deepEqual(outcomes.cut, [])
    assert.deepEqual([...outcomes.statuses.keys()], [200])
    assert.equal(outcomes.askedToClose, outcomes.refused)
  })

  it('cuts no request short at auth, which goes on accepting for the delay', async (t) => {
    const auth = await startAuth(t, { SHUTDOWN_DELAY_SECONDS: '1' })

    const { ended, outcomes } = await stopUnderLoad(
      auth,
      validation(await demoServiceToken(auth.url)),
    )

    assert.deepEqual(ended, { code: 0, signal: null })
    assert.deepEqual(outcomes.cut, [])
    assert.deepEqual([...outcomes.statuses.keys()], [200])
    assert.equal(outcomes.askedToClose > outcomes.refused, true)
  })

  it('cuts no request short at business, which stops accepting at once', async (t) => {
    const { auth, business } = await startBoth(t)

    const { ended, outcomes } = await stopUnderLoad(business, data(await logInDemo(auth.url)))

    assert.deepEqual(ended, { code: 0, signal: null })
    assert.deepEqual(outcomes.cut, [])
    assert.deepEqual([...outcomes.statuses.keys()], [200])
    assert.equal(outcomes.askedToClose, outcomes.refused)
  })

  it('cuts no request short at business, which goes on accepting for the delay', async (t) => {
    const { auth, business } = await startBoth(t, { SHUTDOWN_DELAY_SECONDS: '1' })

    const { ended, outcomes } = await stopUnderLoad(business, data(await logInDemo(auth.url)))

    assert.deepEqual(ended, { code: 0, signal: null })
    assert.deepEqual(outcomes.cut, [])
    assert.deepEqual([...outcomes.statuses.keys()], [200])
    assert.equal(outcomes.askedToClose > outcomes.refused, true)
  })
})

describe('A server that was told to stop', () => {
  it('finishes the logins that are being checked, however long they take', async (t) => {
    const auth = await startAuth(t)
    const logins = Array.from({ length: 5 }, () => postLogin(auth.url))
    await fetch(`${auth.url}/healthz`) // has been read after the logins
    await waitUntil(() => auth.find('logged in').length > 0)

    auth.signal('SIGTERM')

    const statuses = (await Promise.all(logins)).map(({ status }) => status)
    assert.deepEqual(statuses, [200, 200, 200, 200, 200])
    assert.deepEqual(await auth.ended, { code: 0, signal: null })
  })

  it('is not ready during the delay, and asks for the connection to be closed', async (t) => {
    const auth = await startAuth(t, { SHUTDOWN_DELAY_SECONDS: '1' })

    auth.signal('SIGTERM')
    await waitUntil(() => auth.find('stopping').length > 0)

    const [ready, health] = [await fetch(`${auth.url}/readyz`), await fetch(`${auth.url}/healthz`)]
    assert.deepEqual([ready.status, health.status], [503, 200])
    assert.equal(ready.headers.get('connection'), 'close')
    assert.equal(health.headers.get('connection'), 'close')
    assert.deepEqual(await auth.ended, { code: 0, signal: null })
  })

  it('does not wait for idle connections', async (t) => {
    const auth = await startAuth(t)
    const sockets = await Promise.all(Array.from({ length: 20 }, () => openSocket(t, auth.url)))
    for (const socket of sockets) socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
    await Promise.all(sockets.map((socket) => once(socket, 'data')))
    const startedAt = Date.now()

    auth.signal('SIGTERM')

    assert.deepEqual(await auth.ended, { code: 0, signal: null })
    assert.equal(Date.now() - startedAt < 2_000, true)
    assert.deepEqual(auth.find('requests in flight were cut'), [])
  })

  it('ends in the same way by SIGINT', async (t) => {
    const { auth, business } = await startBoth(t)

    business.signal('SIGINT')
    auth.signal('SIGINT')

    const ends = await Promise.all([auth.ended, business.ended])
    assert.deepEqual(ends, [
      { code: 0, signal: null },
      { code: 0, signal: null },
    ])
    assert.equal(auth.find('stopping')[0]?.signal, 'SIGINT')
    assert.equal(auth.find('stopped').length, 1)
  })

  it('cuts a request that hangs when the grace is over', async (t) => {
    const auth = await startAuth(t, { SHUTDOWN_GRACE_SECONDS: '1' })
    const socket = await openSocket(t, auth.url)
    const head = 'Host: x\r\nContent-Type: application/json\r\nContent-Length: 100'
    socket.write(`POST /login HTTP/1.1\r\n${head}\r\n\r\n{"username":`)
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
    })
    await fetch(`${auth.url}/healthz`) // has been read after the request that hangs
    const startedAt = Date.now()

    auth.signal('SIGTERM')

    assert.deepEqual(await auth.ended, { code: 0, signal: null })
    const milliseconds = Date.now() - startedAt
    assert.equal(milliseconds >= 1_000 && milliseconds < 3_000, true, `${milliseconds} ms`)
    assert.equal(statusesIn(received).includes(200), false)
    assert.equal(auth.find('requests in flight were cut').length, 1)
  })
})

function validation(serviceToken: string): string {
  const headers = `Host: x\r\nAuthorization: Bearer ${serviceToken}\r\nContent-Type: application/json`
  const body = '{"tokens":[]}'
  return `POST /validateToken HTTP/1.1\r\n${headers}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

function data(token: string): string {
  return `GET /data HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`
}

/** Sends SIGTERM in the midst of the load; each worker of the load goes on until no connection is accepted any more. */
async function stopUnderLoad(server: ServerProcess, request: string) {
  const load = startLoad({ url: server.url, request, connections: 16 })
  await waitUntil(() => (load.outcomes().statuses.get(200) ?? 0) > 200)
  server.signal('SIGTERM')
  const ended = await server.ended
  return { ended, outcomes: await load.stop() }
}
