/** What a flood of names and addresses can do to the counters in memory, and what it cannot. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCounterTable } from '../../../src/auth/throttle/counter-table.ts'
import { failureCost } from '../../../src/auth/throttle/limits.ts'

const limit = { freeFailures: 3, freeFlights: 30, longestWaitMilliseconds: 60_000 }
const cost = failureCost(limit)
const at = 1_000_000

/** Room for ten that are light and ten that are slowed. */
function openTable() {
  const table = createCounterTable(limit, 10)
  const fail = (key: string, times: number, now = at) => {
    for (let time = 0; time < times; time++) table.charge(key, cost, now)
  }
  return { table, fail }
}

describe('a table of counters', () => {
  it('does not grow under a flood', () => {
    const { table, fail } = openTable()

    for (let index = 0; index < 1_000; index++) fail(`light ${index}`, 1)
    for (let index = 0; index < 1_000; index++) fail(`slowed ${index}`, 5)

    assert.ok(table.size <= 20)
  })

  it('keeps who is slowed, however many there are who are not', () => {
    const { table, fail } = openTable()
    table.start('attacked', cost, at)
    fail('attacked', 4)

    for (let index = 0; index < 1_000; index++) fail(`light ${index}`, 2)

    assert.equal(table.waitOf('attacked', at), 4_000)
  })

  it('goes on to count when all places of those who are slowed are taken', () => {
    const { table, fail } = openTable()
    for (let index = 0; index < 1_000; index++) fail(`slowed ${index}`, 5)

    table.start('new', cost, at)
    fail('new', 2)

    assert.equal(table.waitOf('new', at), 1_000)
  })

  it('keeps those longest that were touched last', () => {
    const { table, fail } = openTable()
    const keys = Array.from({ length: 10 }, (_, index) => `slowed ${index}`)
    for (const key of keys) {
      table.start(key, cost, at)
      fail(key, 4)
    }
    fail('slowed 0', 1)

    for (let index = 0; index < 9; index++) fail(`other ${index}`, 5)

    const waiting = keys.filter((key) => table.waitOf(key, at) > 0)
    assert.deepEqual(waiting, ['slowed 0'])
  })

  it('gives back the places of those whose debt is over', () => {
    const { table, fail } = openTable()
    for (let index = 0; index < 8; index++) fail(`light ${index}`, 1)

    for (let index = 0; index < 4; index++) fail(`later ${index}`, 1, at + cost)

    assert.equal(table.size, 4)
  })

  it('keeps nothing of what was refunded in full', () => {
    const { table } = openTable()
    table.start('once', cost, at)

    table.refund('once', cost, at)
    table.refund('never', cost, at)

    assert.equal(table.size, 0)
  })
})
