import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startFamiliesCleanup } from '../../../src/auth/jwt/families-cleanup.ts'
import { manualClock } from '../../kit/clock.ts'
import { recordedLog } from '../../kit/log.ts'
import { waitUntil } from '../../kit/processes.ts'

const found = { families: 0, answers: 0 }

describe('the cleanup of refresh families', () => {
  it('goes on slice by slice until none are left to find, and again an interval later', async () => {
    const clock = manualClock()
    const slices = [false, false, true, true]
    let asked = 0
    const sweeper = {
      evictExpired: async () => ({ ...found, isDone: slices[asked++] ?? true }),
    }
    startFamiliesCleanup({ sweeper, clock, log: recordedLog(), intervalSeconds: 10 })

    clock.advance(9_999)
    assert.equal(asked, 0)
    clock.advance(1)
    await waitUntil(() => asked === 3)
    await new Promise(setImmediate)
    clock.advance(10_000)

    await waitUntil(() => asked === 4)
  })

  it('does not begin again while it is at work', async () => {
    const clock = manualClock()
    let asked = 0
    const sweeper = {
      evictExpired: () => {
        asked++
        return new Promise<never>(() => {})
      },
    }
    startFamiliesCleanup({ sweeper, clock, log: recordedLog(), intervalSeconds: 10 })

    clock.advance(30_000)

    assert.equal(asked, 1)
  })

  it('logs an error, and tries again', async () => {
    const clock = manualClock()
    const log = recordedLog()
    const sweeper = {
      evictExpired: async () => {
        throw new Error('broken')
      },
    }
    startFamiliesCleanup({ sweeper, clock, log, intervalSeconds: 10 })
    const failures = () => log.find('the cleanup of refresh families failed').length

    clock.advance(10_000)
    await waitUntil(() => failures() === 1)
    clock.advance(10_000)

    await waitUntil(() => failures() === 2)
  })

  it('stops within a round', async () => {
    const clock = manualClock()
    let asked = 0
    const sweeper = {
      evictExpired: async () => {
        asked++
        stop()
        return { ...found, isDone: false }
      },
    }
    const options = { sweeper, clock, log: recordedLog(), intervalSeconds: 10 }
    const stop = startFamiliesCleanup(options)

    clock.advance(10_000)
    await waitUntil(() => asked === 1)
    await new Promise(setImmediate)
    clock.advance(10_000)

    assert.equal(asked, 1)
  })
})
