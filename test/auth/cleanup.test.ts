import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { memoryTokenStore } from '../../src/storage/memory/tokens.ts'
import { mintToken } from '../../src/tokens/token.ts'
import { lastSlice, scriptedSweeper, settle, startTestCleanup } from '../kit/cleanup.ts'
import { manualClock } from '../kit/clock.ts'
import { createGate } from '../kit/gate.ts'
import { testPurposes } from '../kit/servers.ts'

describe('the cleanup', () => {
  it('begins after its first interval and comes again after each', async (t) => {
    const { sweeper, limits } = scriptedSweeper([])
    const { clock } = startTestCleanup(t, sweeper)

    clock.advance(14_999)
    const callsBefore = limits.length
    clock.advance(1)
    const callsAfterOne = limits.length
    await settle()
    clock.advance(15_000)

    assert.deepEqual([callsBefore, callsAfterOne, limits.length], [0, 1, 2])
  })

  it('takes slices of a bounded size until none is left', async (t) => {
    const full = () => ({ evicted: 500, isDone: false })
    const { sweeper, limits } = scriptedSweeper([full, full, () => ({ evicted: 7, isDone: true })])
    const { clock, log } = startTestCleanup(t, sweeper)

    clock.advance(15_000)
    await settle()

    assert.deepEqual(limits, [500, 500, 500])
    assert.equal(log.find('cleaned up')[0]?.evicted, 1_007)
  })

  it('lets others have their turn between two slices', async (t) => {
    const seen: number[] = []
    const { sweeper, limits } = scriptedSweeper([
      () => ({ evicted: 500, isDone: false }),
      () => ({ evicted: 500, isDone: false }),
    ])
    const { clock } = startTestCleanup(t, sweeper)

    clock.advance(15_000)
    setImmediate(() => seen.push(limits.length))
    await settle()

    assert.deepEqual(seen, [1])
    assert.equal(limits.length, 3)
  })

  it('tells the log what it evicted and what is left', async (t) => {
    const { sweeper } = scriptedSweeper([() => ({ evicted: 3, isDone: true })])
    const { clock, log } = startTestCleanup(t, sweeper)

    clock.advance(15_000)
    await settle()

    const [line] = log.find('cleaned up')
    assert.equal(line?.level, 'info')
    assert.equal(line?.evicted, 3)
    assert.equal(line?.living, 42)
  })

  it('is quiet where there was nothing to evict', async (t) => {
    const { sweeper } = scriptedSweeper([])
    const { clock, log } = startTestCleanup(t, sweeper)

    clock.advance(15_000)
    await settle()

    assert.equal(log.find('cleaned up')[0]?.level, 'debug')
  })

  it('runs by itself on the clock of the system', async (t) => {
    const swept = createGate()
    const { sweeper } = scriptedSweeper([
      () => {
        swept.open()
        return lastSlice
      },
    ])
    startTestCleanup(t, sweeper, { clock: systemClock, intervalSeconds: 0.01 })

    await swept.opened
  })
})

describe('the cleanup of the memory store', () => {
  it('evicts what has died and leaves what lives', async (t) => {
    const clock = manualClock()
    const store = memoryTokenStore({ now: clock.now, maxTokens: 10, reservedPlaces: 1 })
    const { log } = startTestCleanup(t, store, { clock })
    const request = { sub: 'somebody', name: 'Somebody', scope: '', mark: undefined }
    await store.issue(mintToken({ ...request, purpose: testPurposes.session }).filed)
    await store.issue(mintToken({ ...request, purpose: testPurposes.session }).filed)
    await store.issue(mintToken({ ...request, purpose: testPurposes.service }).filed)

    clock.advance(30_000)
    await settle()

    const [line] = log.find('cleaned up').filter(({ level }) => level === 'info')
    assert.deepEqual([line?.evicted, line?.living], [2, 1])
    assert.equal(await store.count(), 1)
  })
})
