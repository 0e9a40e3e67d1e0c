import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { postgresAccountEvents } from '../../../src/auth/feed/postgres.ts'
import { createWaits } from '../../../src/auth/feed/waits.ts'
import { systemClock } from '../../../src/clock.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import { manualClock } from '../../kit/clock.ts'
import { countedClock } from '../../kit/counted-clock.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { openSocket } from '../../kit/sockets.ts'
import { openAccountBacking } from '../../storage/postgres/open-stores.ts'
import { newChange } from './account-events-kit.ts'
import { startFollowed } from './followed-auth.ts'

/** A follower that has read everything and waits. */
async function startWaiting(t: TestContext) {
  const auth = await startFollowed(t)
  const start = await auth.end()
  const idle = auth.clock.pending()
  const isWaiting = () => auth.clock.pending() > idle
  const answered = auth.ask(`?after=${start}&wait=25`)
  await waitUntil(isWaiting)
  return { ...auth, start, answered, isWaiting }
}

describe('a follower that waits', () => {
  it('is answered as soon as something comes', async (t) => {
    const { make, answered, isWaiting } = await startWaiting(t)

    make(newChange())

    const { status, body } = await answered
    assert.equal(status, 200)
    assert.equal((body.events as unknown[]).length, 1)
    assert.equal(isWaiting(), false)
  })

  it('is answered at once where something is there already', async (t) => {
    const { ask, end, make } = await startFollowed(t)
    const start = await end()
    make(newChange())

    const { body } = await ask(`?after=${start}&wait=25`)

    assert.equal((body.events as unknown[]).length, 1)
  })

  it('gets nothing, and its own cursor, when the time is over', async (t) => {
    const { clock, start, answered, isWaiting } = await startWaiting(t)

    clock.advance(25_000)

    const { status, body } = await answered
    assert.deepEqual([status, body], [200, { events: [], next: start }])
    assert.equal(isWaiting(), false)
  })

  it('does not hold up the end of the server', async (t) => {
    const { server, start, answered } = await startWaiting(t)

    await server.drain({ delaySeconds: 0, graceSeconds: 60 })

    const { status, body } = await answered
    assert.deepEqual([status, body], [200, { events: [], next: start }])
  })

  it('is waited for no longer when it goes away', async (t) => {
    const { url, clock, token, end } = await startFollowed(t)
    const idle = clock.pending()
    const head = `GET /events?after=${await end()}&wait=25 HTTP/1.1\r\nHost: a\r\n`
    const socket = await openSocket(t, url)
    socket.write(`${head}Authorization: Bearer ${token}\r\n\r\n`)
    await waitUntil(() => clock.pending() > idle)

    socket.destroy()

    await waitUntil(() => clock.pending() === idle)
  })

  it('learns nothing where its token has ended meanwhile', async (t) => {
    const { core, make, answered } = await startWaiting(t)
    await core.tokens.revokeSubject('client:business', [core.purposes.service])

    make(newChange())

    const { status, body } = await answered
    assert.deepEqual([status, body.error], [401, 'invalid_token'])
  })
})

describe('waits', () => {
  const position = { epoch: 'one', number: 5 }
  const wait = { position, milliseconds: 25_000 }
  const call = { whenWaitIsVain: () => () => {} }

  function start(end: () => Promise<typeof position>) {
    const clock = countedClock(manualClock())
    return { clock, waits: createWaits({ events: { end }, clock, maxWaiting: 2 }) }
  }

  it('are refused where there are too many, and not once there is room', async () => {
    const { clock, waits } = start(async () => position)
    const waiting = [waits.forMore(call, wait), waits.forMore(call, wait)]

    await assert.rejects(waits.forMore(call, wait), { code: 'temporarily_unavailable' })

    clock.advance(25_000)
    await Promise.all(waiting)
    const again = waits.forMore(call, wait)
    clock.advance(25_000)
    await again
    assert.equal(clock.pending(), 0)
  })

  it('ask the store once a second for all, and not at all where nobody waits', async () => {
    let asked = 0
    const { clock, waits } = start(async () => {
      asked++
      return position
    })
    clock.advance(10_000)
    const waiting = [waits.forMore(call, wait), waits.forMore(call, wait)]

    clock.advance(3_000)

    assert.equal(asked, 3)
    clock.advance(25_000)
    await Promise.all(waiting)
  })

  it('end for those alone who have something to read', async () => {
    const { clock, waits } = start(async () => position)
    const ended: string[] = []
    const behind = { ...wait, position: { ...position, number: 4 } }
    const waiting = [
      waits.forMore(call, behind).then(() => ended.push('behind')),
      waits.forMore(call, wait).then(() => ended.push('up to date')),
    ]

    clock.advance(1_000)
    for (let turn = 0; turn < 5; turn++) await nextTurn()

    assert.deepEqual(ended, ['behind'])
    clock.advance(25_000)
    await Promise.all(waiting)
  })

  it('go on while the store is away', async () => {
    const { clock, waits } = start(async () => {
      throw unavailable('The store cannot do this now.')
    })
    let isEnded = false
    const waiting = waits.forMore(call, wait).then(() => {
      isEnded = true
    })

    clock.advance(5_000)
    for (let turn = 0; turn < 5; turn++) await nextTurn()

    assert.equal(isEnded, false)
    clock.advance(20_000)
    await waiting
  })
})

describe('a follower that waits for Postgres', { skip: skipUnless('postgres') }, () => {
  it('is answered when another process has written something', async (t) => {
    const { auth } = await startProvisioned(t)
    const { backing: accountBacking } = await openAccountBacking(t, auth)
    const { backing: elsewhere } = await openAccountBacking(t, auth)
    const { ask, end } = await startFollowed(t, { accountBacking, clock: systemClock })
    const start = await end()
    const change = newChange({ name: 'A\0Name' })

    const answered = ask(`?after=${start}&wait=25`)
    await elsewhere.database.runTogether(postgresAccountEvents(elsewhere).statementsFor(change))

    const [event] = (await answered).body.events as { sub: string; name: string }[]
    assert.deepEqual([event?.sub, event?.name], [change.userId, 'A\0Name'])
  })
})
