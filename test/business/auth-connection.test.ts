import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { AuthUnreachable, connectToAuth } from '../../src/business/auth-connection.ts'
import type { Clock } from '../../src/clock.ts'
import { manualClock } from '../kit/clock.ts'
import {
  answer,
  type Behaviour,
  neverAnswer,
  resetConnection,
  startFakeAuth,
} from '../kit/fake-auth.ts'

async function setUp(t: TestContext, ...behaviours: readonly Behaviour[]) {
  const auth = await startFakeAuth(t)
  auth.next('/validateToken', ...behaviours)
  const clock = manualClock()
  const limits = { deadlineMilliseconds: 1_000, maxAnswerBytes: 1_000 }
  const connection = connectToAuth({ url: auth.url, clock, ...limits })
  t.after(() => connection.close())
  const ask = () =>
    connection.post({ path: '/validateToken', headers: { 'x-test': '1' }, body: '{"tokens":[]}' })
  return { auth, clock, connection, ask }
}

function isUnreachable({ mayRepeat }: { mayRepeat: boolean }) {
  return (error: unknown): true => {
    assert.ok(error instanceof AuthUnreachable)
    assert.equal(error.mayRepeat, mayRepeat)
    return true
  }
}

describe('the connection to auth', () => {
  it('posts what it is given and gives back the status and the text', async (t) => {
    const { auth, ask } = await setUp(t, answer(418, 'no coffee'))

    const answered = await ask()

    assert.deepEqual(answered, { status: 418, text: 'no coffee' })
    assert.deepEqual(auth.calls, [
      { method: 'POST', path: '/validateToken', authorization: undefined, body: '{"tokens":[]}' },
    ])
  })

  it('puts an answer together that comes in pieces, even within a character', async (t) => {
    const bytes = Buffer.from('{"name":"Zoë"}')
    const { ask } = await setUp(t, (_call, response) => {
      response.write(bytes.subarray(0, 12), () => {
        setImmediate(() => response.end(bytes.subarray(12)))
      })
    })

    const answered = await ask()

    assert.deepEqual(answered, { status: 200, text: '{"name":"Zoë"}' })
  })

  it('takes an answer of the greatest length, and no byte more', async (t) => {
    const { ask } = await setUp(t, answer(200, 'x'.repeat(1_000)), answer(200, 'x'.repeat(1_001)))

    const longest = await ask()

    assert.equal(longest.text.length, 1_000)
    await assert.rejects(ask(), isUnreachable({ mayRepeat: false }))
  })

  it('says that a reset connection was lost', async (t) => {
    const { ask } = await setUp(t, resetConnection)

    await assert.rejects(ask(), isUnreachable({ mayRepeat: true }))
  })

  it('says that a refused connection was lost', async (t) => {
    const { auth, ask } = await setUp(t)
    await auth.stop()

    await assert.rejects(ask(), isUnreachable({ mayRepeat: true }))
  })

  it('rejects once it is closed', async (t) => {
    const { auth, connection, ask } = await setUp(t)
    await connection.close()

    await assert.rejects(ask(), isUnreachable({ mayRepeat: false }))

    assert.deepEqual(auth.calls, [])
  })
})

describe('the deadline of a call to auth', () => {
  it('ends the call, and does not call the connection lost', async (t) => {
    const { auth, clock, ask } = await setUp(t, neverAnswer)

    const rejected = assert.rejects(ask(), isUnreachable({ mayRepeat: false }))
    await auth.called('/validateToken', 1)
    clock.advance(1_000)

    await rejected
  })

  it('covers the time before the call is sent, and then it is never sent', async (t) => {
    const { auth, clock, ask } = await setUp(t, neverAnswer)
    const underWay = assert.rejects(ask(), isUnreachable({ mayRepeat: false }))
    await auth.called('/validateToken', 1)
    const waiting = ask()

    const rejected = assert.rejects(waiting, isUnreachable({ mayRepeat: false }))
    clock.advance(1_000)
    await Promise.all([underWay, rejected])
    const next = await ask()

    assert.equal(next.status, 200)
    assert.equal(auth.calls.length, 2)
  })

  it('covers a handshake that never ends', async (t) => {
    const mute = createServer()
    t.after(() => mute.close())
    mute.on('connection', (socket) => t.after(() => socket.destroy()))
    await once(mute.listen(0, '127.0.0.1'), 'listening')
    const { port } = mute.address() as AddressInfo // it listens on a port, not on a pipe
    const clock = manualClock()
    const limits = { deadlineMilliseconds: 60_000, maxAnswerBytes: 1_000 }
    const connection = connectToAuth({ url: `https://127.0.0.1:${port}`, clock, ...limits })
    t.after(() => connection.close())

    const connected = once(mute, 'connection')
    const asked = connection.post({ path: '/token', headers: {}, body: '' })
    const rejected = assert.rejects(asked, isUnreachable({ mayRepeat: false }))
    await connected
    clock.advance(60_000)

    await rejected
  })

  it('is called off when the answer is there', async (t) => {
    const auth = await startFakeAuth(t)
    const clock = manualClock()
    let calledOff = 0
    const after: Clock['after'] = (milliseconds, action) => {
      const cancel = clock.after(milliseconds, action)
      return () => {
        calledOff++
        cancel()
      }
    }
    const limits = { deadlineMilliseconds: 1_000, maxAnswerBytes: 1_000 }
    const connection = connectToAuth({ url: auth.url, clock: { ...clock, after }, ...limits })
    t.after(() => connection.close())

    const answered = await connection.post({ path: '/token', headers: {}, body: '' })

    assert.equal(answered.status, 200)
    assert.equal(calledOff, 1)
  })
})
