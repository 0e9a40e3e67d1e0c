import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { countersContract } from './counters-contract.ts'
import { begin, failTimes, logIn, newPlace, waitAt } from './counters-kit.ts'
import { openMemoryCounters } from './open-memory.ts'

countersContract('attempts counted in memory', openMemoryCounters)

const day = 24 * 60 * 60_000

describe('attempts counted in memory', () => {
  it('know a source until 30 days after the last login from there', async () => {
    const { counters, pass } = await openMemoryCounters()
    const [home, cafe] = [newPlace(), newPlace()]
    await logIn(counters, home)
    await logIn(counters, cafe)

    await pass(day)
    await logIn(counters, home)
    await pass(29 * day)

    assert.equal(await begin(counters, cafe), false)
    await pass(day - 1)
    assert.equal(await begin(counters, home), true)
    await pass(1)
    assert.equal(await begin(counters, home), false)
  })

  it('end a wait at its last millisecond, and not before', async () => {
    const { counters, pass } = await openMemoryCounters()
    const place = newPlace()
    await failTimes(counters, place, 11)

    await pass(1_999)
    const waitBefore = await waitAt(counters, place)
    await pass(1)

    assert.equal(waitBefore, 1)
    assert.equal(await waitAt(counters, place), 0)
  })

  it('forget a guess in 15 minutes, however many there were', async () => {
    const { counters, pass } = await openMemoryCounters()
    const place = newPlace()
    await failTimes(counters, place, 90)
    const quarter = 15 * 60_000

    await pass(80 * quarter)
    const waitBefore = await waitAt(counters, place)
    await pass(quarter)

    assert.equal(waitBefore, 0)
    await failTimes(counters, place, 1)
    assert.notEqual(await waitAt(counters, place), 0)
  })

  it('keep a failure untold for 24 hours after the last one, long after it slows nobody down', async () => {
    const { counters, pass } = await openMemoryCounters()
    const [told, tooLate] = [newPlace(), newPlace()]
    for (const place of [told, tooLate]) await failTimes(counters, place, 1)
    await pass(day - 1)
    await failTimes(counters, told, 1)
    await pass(1)

    const isToldTooLate = await logIn(counters, newPlace({ account: tooLate.account }))
    await pass(day - 2)

    assert.equal(isToldTooLate, false)
    assert.equal(await logIn(counters, newPlace({ account: told.account })), true)
  })

  it('have no clock that steps back', async () => {
    const { counters, clock } = await openMemoryCounters()
    const place = newPlace()
    await failTimes(counters, place, 11)

    clock.advance(-day)

    assert.equal(await waitAt(counters, place), 2_000)
  })
})
