import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { countsContract } from './counts-contract.ts'
import { countTimes, newCounter } from './counts-kit.ts'
import { openMemoryCounts } from './open-memory-counts.ts'

countsContract('counts in memory', () => openMemoryCounts())

describe('counts in memory', () => {
  it('end with the last millisecond of their time', async () => {
    const { counts, pass } = await openMemoryCounts()
    const counter = newCounter({ limit: 1, windowSeconds: 60 })
    await counts.count(counter)

    await pass(59_999)
    const before = await counts.count(counter)
    await pass(1)

    assert.deepEqual([before, await counts.count(counter)], [false, true])
  })

  it('are so many of each kind at most, and of more the first to begin goes', async () => {
    const { counts } = await openMemoryCounts({ maxCounters: 2 })
    const [first, second, third] = [1, 2, 3].map(() => newCounter({ limit: 2 }))
    const other = newCounter({ kind: 'register/address', limit: 1 })
    if (first === undefined || second === undefined || third === undefined) assert.fail()
    for (const counter of [other, first, second]) await countTimes(counts, counter, 2)

    await countTimes(counts, third, 2)

    const left = await Promise.all([other, second, third].map((one) => counts.count(one)))
    assert.deepEqual(left, [false, false, false])
    assert.equal(await counts.count(first), true)
  })

  it('that are over make room for others', async () => {
    const { counts, pass } = await openMemoryCounts({ maxCounters: 2 })
    const [dead, living, next] = [1, 2, 3].map(() => newCounter({ limit: 1, windowSeconds: 60 }))
    if (dead === undefined || living === undefined || next === undefined) assert.fail()
    await counts.count(dead)
    await pass(60_000)
    await counts.count(living)

    await counts.count(next)

    assert.deepEqual([await counts.count(living), await counts.count(next)], [false, false])
  })
})
