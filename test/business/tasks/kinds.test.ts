import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { backOff } from '../../../src/business/tasks/back-off.ts'
import { compute } from '../../../src/business/tasks/compute.ts'
import { countPrimes } from '../../../src/business/tasks/count-primes.ts'
import { drawText, randomText } from '../../../src/business/tasks/random-text.ts'

/** As it is defined, and slow. */
function isPrime(number: number): boolean {
  for (let factor = 2; factor * factor <= number; factor++) if (number % factor === 0) return false
  return number > 1
}

describe('counting primes', () => {
  it('comes to what the definition of a prime says, below every number up to 2,000', () => {
    let expected = 0
    for (let below = 0; below <= 2_000; below++) {
      if (isPrime(below - 1)) expected++
      assert.equal(
        countPrimes(below, () => {}),
        expected,
        `below ${below}`,
      )
    }
  })

  it('comes to what is known of greater numbers, also where its parts meet', () => {
    const part = 2 ** 19
    const known = [
      [part, 43_390],
      [part + 1, 43_390],
      [10_000_000, 664_579],
    ] as const

    for (const [below, count] of known)
      assert.equal(
        countPrimes(below, () => {}),
        count,
      )
  })

  it('tells each percent once, and in the end all', () => {
    const told: number[] = []

    countPrimes(20_000_000, (percent) => told.push(percent))

    assert.deepEqual(
      told,
      [...new Set(told)].sort((one, other) => one - other),
    )
    assert.equal(told.at(-1), 100)
  })

  it('does not begin where nobody waits for it', async () => {
    const work = { id: 'id', signal: AbortSignal.abort(), report: () => {} }

    await assert.rejects(compute.perform('{"below":10}', work), { name: 'AbortError' })
  })
})

describe('drawing text', () => {
  it('gives the same for the same task, however often, and another for another', () => {
    assert.equal(drawText('a', 100), drawText('a', 100))
    assert.notEqual(drawText('a', 100), drawText('b', 100))
  })

  it('uses all of its alphabet', () => {
    const seen = new Set(drawText('a', 10_000))

    assert.equal(seen.size, 64)
  })

  it('refuses what was never let in', async () => {
    const work = { id: 'id', signal: new AbortController().signal, report: () => {} }

    await assert.rejects(randomText.perform('{"length":10001}', work), /from 0 to 10000/)
  })
})

describe('backing off', () => {
  it('waits twice as long after each try, up to a minute', () => {
    const waits = [1, 2, 3, 4, 7, 100].map((tries) => backOff(tries, 0))

    assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 60_000, 60_000])
  })

  it('takes off a random part, half of it at most', () => {
    assert.deepEqual([backOff(3, 0.5), backOff(3, 0.999_999)], [3_000, 2_000])
  })
})
