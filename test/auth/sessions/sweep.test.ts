import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startSweep } from '../../../src/auth/sessions/sweep.ts'
import { manualClock } from '../../kit/clock.ts'
import { recordedLog } from '../../kit/log.ts'
import { startWithSessions } from './sessions-kit.ts'

describe('the sweep of the session index', () => {
  it('comes every ten seconds, in batches, until it is stopped', async () => {
    const clock = manualClock()
    const limits: number[] = []
    const sweeper = { evictExpired: async (limit: number) => void limits.push(limit) }

    const stop = startSweep({ sweeper, clock, log: recordedLog() })
    clock.advance(10_000)
    await new Promise(setImmediate)
    clock.advance(10_000)
    stop()
    clock.advance(20_000)

    assert.deepEqual(limits, [1_000, 1_000])
  })

  it('logs an error and comes again', async () => {
    const clock = manualClock()
    const log = recordedLog()
    let calls = 0
    const evictExpired = async () => {
      calls++
      throw new Error('the store went away')
    }

    startSweep({ sweeper: { evictExpired }, clock, log })
    clock.advance(10_000)
    await new Promise(setImmediate)
    clock.advance(10_000)
    await new Promise(setImmediate)

    assert.equal(calls, 2)
    assert.equal(log.find('the session index was not swept').length, 2)
  })

  it('runs in an auth that keeps its tokens in memory', async (t) => {
    const clock = manualClock()
    let intervals = 0
    const every: typeof clock.every = (milliseconds, action) => {
      intervals++
      return clock.every(milliseconds, action)
    }

    await startWithSessions(t, { clock: { ...clock, every } })

    assert.equal(intervals, 1)
  })
})
