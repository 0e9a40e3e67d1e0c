/** The contract of `Counts`. An adapter's own test file is one call, and what only that adapter has. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { describeCases } from '../../storage/contract.ts'
import { type CountsCase, countTimes, newCounter, type OpenedCounts } from './counts-kit.ts'

const brief = { windowSeconds: 3 }

export const countsCases: readonly CountsCase[] = [
  {
    sentence: 'counts up to the limit, and not beyond',
    run: async ({ counts }) => {
      const answers = await countTimes(counts, newCounter(), 5)

      assert.deepEqual(answers, [true, true, true, false, false])
    },
  },
  {
    sentence: 'counts up to the limit of those who come at once',
    run: async ({ counts }) => {
      const counter = newCounter({ limit: 10 })

      const answers = await Promise.all(
        Array.from({ length: 26 }, () => counts.count({ ...counter })),
      )

      assert.equal(answers.filter((isCounted) => isCounted).length, 10)
    },
  },
  {
    sentence: 'counts each tag by itself, and each kind',
    run: async ({ counts }) => {
      const counter = newCounter()
      await countTimes(counts, counter, 4)

      assert.equal(await counts.count(newCounter()), true)
      assert.equal(await counts.count({ ...counter, kind: 'register/address' }), true)
      assert.equal(await counts.count(counter), false)
    },
  },
  {
    sentence: 'forgets all when the time since the first is over, and not before',
    run: async ({ counts, pass }) => {
      const counter = newCounter(brief)
      await counts.count(counter)
      await pass(1_500)
      await countTimes(counts, counter, 2)

      const before = await counts.count(counter)
      await pass(1_600)

      assert.equal(before, false)
      assert.deepEqual(await countTimes(counts, counter, 4), [true, true, true, false])
    },
  },
  {
    sentence: 'remembers no longer because of those whom it did not count',
    run: async ({ counts, pass }) => {
      const counter = newCounter(brief)
      await countTimes(counts, counter, 3)
      await pass(1_500)
      const late = await counts.count(counter)

      await pass(1_600)

      assert.deepEqual([late, await counts.count(counter)], [false, true])
    },
  },
  {
    sentence: 'takes back one, however many were counted or refused',
    run: async ({ counts }) => {
      const counter = newCounter()
      await countTimes(counts, counter, 6)

      await counts.takeBack(counter)

      assert.deepEqual(await countTimes(counts, counter, 3), [true, false, false])
    },
  },
  {
    sentence: 'takes back nothing where nothing is counted',
    run: async ({ counts }) => {
      const counter = newCounter()
      await counts.takeBack(counter)
      await counts.count(counter)
      await counts.takeBack(counter)
      await counts.takeBack(counter)

      assert.deepEqual(await countTimes(counts, counter, 4), [true, true, true, false])
    },
  },
  {
    sentence: 'takes back from one tag and one kind',
    run: async ({ counts }) => {
      const counter = newCounter()
      const others = [newCounter(), { ...counter, kind: 'register/address' }]
      for (const one of [counter, ...others]) await countTimes(counts, one, 3)

      await counts.takeBack(counter)

      for (const other of others) assert.equal(await counts.count(other), false)
    },
  },
  {
    sentence: 'forgets at the same time when one was taken back',
    run: async ({ counts, pass }) => {
      const counter = newCounter(brief)
      await countTimes(counts, counter, 3)
      await pass(1_500)
      await counts.takeBack(counter)
      const again = await countTimes(counts, counter, 2)

      await pass(1_600)

      assert.deepEqual(again, [true, false])
      assert.deepEqual(await countTimes(counts, counter, 4), [true, true, true, false])
    },
  },
]

export function countsContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedCounts>,
): void {
  describeCases(name, countsCases, open)
}
