import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lastSlice, scriptedSweeper, settle, startTestCleanup } from '../kit/cleanup.ts'
import { createGate } from '../kit/gate.ts'

describe('a cleanup that fails, lags or is stopped', () => {
  it('logs an error and tries again after the next interval', async (t) => {
    const { sweeper, limits } = scriptedSweeper([
      () => {
        throw new Error('the first sweep broke')
      },
      () => ({ evicted: 5, isDone: true }),
    ])
    const { clock, log } = startTestCleanup(t, sweeper)

    clock.advance(15_000)
    await settle()
    clock.advance(15_000)
    await settle()

    const [line] = log.find('the cleanup failed and will be tried again')
    assert.equal(line?.level, 'error')
    assert.match(String(line?.error), /the first sweep broke/)
    assert.equal(limits.length, 2)
    assert.equal(log.find('cleaned up')[0]?.evicted, 5)
  })

  it('never runs twice at once', async (t) => {
    const gate = createGate()
    const { sweeper, limits } = scriptedSweeper([
      async () => {
        await gate.opened
        return lastSlice
      },
    ])
    const { clock } = startTestCleanup(t, sweeper)

    clock.advance(15_000)
    clock.advance(60_000)
    await settle()
    const callsWhileRunning = limits.length
    gate.open()
    await settle()
    clock.advance(15_000)

    assert.equal(callsWhileRunning, 1)
    assert.equal(limits.length, 2)
  })

  it('does not begin any more when it is stopped', async (t) => {
    const { sweeper, limits } = scriptedSweeper([])
    const { clock, stop } = startTestCleanup(t, sweeper)

    stop()
    clock.advance(60_000)

    assert.equal(limits.length, 0)
  })

  it('ends after the slice at hand when it is stopped, and asks the store nothing more', async (t) => {
    const gate = createGate()
    const { sweeper, limits } = scriptedSweeper([
      async () => {
        await gate.opened
        return { evicted: 500, isDone: false }
      },
    ])
    const { clock, log, stop } = startTestCleanup(t, sweeper)
    clock.advance(15_000)

    stop()
    gate.open()
    await settle()

    assert.equal(limits.length, 1)
    assert.equal(log.text(), '')
  })
})
