import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  briefSession,
  type Issued,
  isAlive,
  issue,
  markOf,
  newToken,
  service,
  session,
} from '../token-store-kit.ts'
import { countLooks } from './count-looks.ts'
import { openMemoryTokens } from './open-tokens.ts'

describe('eviction from the memory token store', () => {
  it('removes at most as many as it may, and says when none are left', async (t) => {
    const { store, step } = await openMemoryTokens(t)
    for (let tokens = 0; tokens < 25; tokens++) await issue(store)
    step(600_000)

    const slices = [
      await store.evictExpired(10),
      await store.evictExpired(10),
      await store.evictExpired(10),
      await store.evictExpired(10),
    ]

    assert.deepEqual(slices, [
      { evicted: 10, isDone: false },
      { evicted: 10, isDone: false },
      { evicted: 5, isDone: true },
      { evicted: 0, isDone: true },
    ])
    assert.equal(await store.count(), 0)
  })

  it('leaves all that lives, to the last millisecond', async (t) => {
    const { store, step } = await openMemoryTokens(t)
    const reinflated = await issue(store)
    const dead = await issue(store)
    step(1)
    const later = await issue(store)
    await store.reinflate([reinflated.key], session)
    const fixed = await issue(store, { purpose: service })
    step(599_999)

    const result = await store.evictExpired(1_000)

    assert.deepEqual(result, { evicted: 1, isDone: true })
    assert.equal(await store.count(), 3)
    assert.equal(await isAlive(store, dead), false)
    assert.equal(await isAlive(store, reinflated), true)
    assert.equal(await isAlive(store, later), true)
    assert.equal(await isAlive(store, fixed, service), true)
  })

  it('counts the dead among the filed until it has removed them', async (t) => {
    const { store, step } = await openMemoryTokens(t)
    await issue(store)
    await issue(store, { purpose: service })
    step(600_000)
    const before = await store.count()

    await store.evictExpired(1_000)

    assert.equal(before, 2)
    assert.equal(await store.count(), 1)
  })

  it('removes marks that have had their time, within the same limit', async (t) => {
    const { store, step } = await openMemoryTokens(t)
    for (const sub of ['one', 'two', 'three']) await store.revokeSubject(sub, [session])
    step(7_199_999)
    await issue(store)
    const early = await store.evictExpired(1_000)
    step(1)
    const mark = await markOf(store, 'one', session)

    const first = await store.evictExpired(2)
    const second = await store.evictExpired(2)

    assert.equal(mark, undefined)
    assert.deepEqual(early, { evicted: 0, isDone: true })
    assert.deepEqual(first, { evicted: 2, isDone: false })
    assert.deepEqual(second, { evicted: 1, isDone: true })
    assert.equal(await store.count(), 1)
  })

  it('removes a mark behind one that was renewed', async (t) => {
    const { store, step } = await openMemoryTokens(t)
    await store.revokeSubject('renewed', [session])
    await store.revokeSubject('other', [session])
    step(1)
    await store.revokeSubject('renewed', [session])
    step(7_199_999)

    const result = await store.evictExpired(1_000)

    assert.deepEqual(result, { evicted: 1, isDone: true })
    assert.ok((await markOf(store, 'renewed', session)) !== undefined)
  })

  it('removes the dead behind those that were reinflated', async (t) => {
    const { store, step } = await openMemoryTokens(t)
    const reinflated: Issued[] = []
    while (reinflated.length < 200) reinflated.push(await issue(store))
    for (let tokens = 0; tokens < 200; tokens++) await issue(store)
    step(1)
    await store.reinflate(
      reinflated.map(({ key }) => key),
      session,
    )
    step(599_999)

    const result = await store.evictExpired(1_000)

    assert.deepEqual(result, { evicted: 200, isDone: true })
    assert.equal(await store.count(), 200)
  })

  it('finds the dead of every purpose', async (t) => {
    const { store, step } = await openMemoryTokens(t)
    await issue(store)
    await issue(store, { purpose: service })
    await issue(store, { purpose: briefSession })
    step(900_000)

    const result = await store.evictExpired(1_000)

    assert.deepEqual(result, { evicted: 3, isDone: true })
  })

  it('removes a token that died at its cap at most one TTL later', async (t) => {
    const { store, step } = await openMemoryTokens(t)
    const capped = await issue(store, { purpose: briefSession })
    for (let reinflations = 0; reinflations < 3; reinflations++) {
      step(1_600)
      await store.reinflate([capped.key], briefSession)
    }
    step(200)
    const isAliveAtItsCap = await isAlive(store, capped, briefSession)

    step(2_000)
    const result = await store.evictExpired(1_000)

    assert.equal(isAliveAtItsCap, false)
    assert.deepEqual(result, { evicted: 1, isDone: true })
    assert.equal(await store.count(), 0)
  })

  it('goes by the time that it has seen when the clock steps back', async (t) => {
    const { store, step } = await openMemoryTokens(t)
    await issue(store)
    step(300_000)
    const living = await issue(store)
    step(300_000)
    await store.ping()
    step(-400_000)

    const result = await store.evictExpired(1_000)

    assert.deepEqual(result, { evicted: 1, isDone: true })
    assert.equal(await isAlive(store, living), true)
  })

  it('looks at what it removes and at the next to die, however many live', async (t) => {
    const { store, step } = await openMemoryTokens(t)
    for (let tokens = 0; tokens < 500; tokens++) await issue(store)
    step(300_000)
    for (let tokens = 0; tokens < 20_000; tokens++) await store.issue(newToken())
    step(300_000)

    const looks = await countLooks(async () => {
      assert.equal((await store.evictExpired(1_000)).evicted, 500)
    })

    assert.ok(looks >= 500, 'it looks by other means than this test counts')
    assert.ok(looks <= 600, `it looked at ${looks}`)
  })

  it('makes room by removing the dead only when there is none', async (t) => {
    const room = { maxTokens: 10, reservedPlaces: 0 }
    const { store, step } = await openMemoryTokens(t, room)
    for (let tokens = 0; tokens < 9; tokens++) await issue(store)
    step(600_000)

    await issue(store)
    const before = await store.count()
    await issue(store)

    assert.equal(before, 10)
    assert.equal(await store.count(), 2)
  })

  it('is refused when the store is closed', async (t) => {
    const { store } = await openMemoryTokens(t)

    await store.close()

    await assert.rejects(store.evictExpired(1), { code: 'temporarily_unavailable' })
    await assert.rejects(store.count(), { code: 'temporarily_unavailable' })
  })
})
