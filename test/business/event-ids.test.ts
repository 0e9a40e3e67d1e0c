import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { acceptedAt, createEventIds, eventIdOf } from '../../src/business/event-ids.ts'

describe('ids of events', () => {
  it('grow within a millisecond, with the time, and where the clock steps back', () => {
    let now = 1_700_000_000_000
    const nextId = createEventIds(() => now)
    const ids: string[] = []

    for (const step of [0, 0, 0, 1, 0, -60_000, 0, 60_000, 0, 1]) {
      now += step
      for (let count = 0; count < 11; count++) ids.push(nextId())
    }

    assert.deepEqual(ids, ids.toSorted())
    assert.equal(new Set(ids).size, ids.length)
  })

  it('say when an event was accepted, and are of one length', () => {
    const instants = [0, 1, 999_999_999_999, 1_700_000_000_000, 253_402_300_799_999]

    const ids = instants.flatMap((at) => [eventIdOf(at, 0), eventIdOf(at, 9_999_999_999)])

    assert.ok(ids.every((id) => id.length === 26))
    assert.deepEqual(ids, ids.toSorted())
    assert.deepEqual(
      ids.map(acceptedAt),
      instants.flatMap((at) => [at, at]),
    )
  })

  it('are those of the last instant as long as the clock is behind it', () => {
    let now = 1_000
    const nextId = createEventIds(() => now)
    nextId()

    now = 400

    assert.equal(acceptedAt(nextId()), 1_000)
  })
})
