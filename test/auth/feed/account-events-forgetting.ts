/** What is forgotten is never passed over in silence. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import {
  changesOf,
  type EventsCase,
  makeAll,
  newChange,
  numbersAfter,
} from './account-events-kit.ts'

const hour = 3_600_000

export const forgettingCases: readonly EventsCase[] = [
  {
    sentence: 'forgets what is older, the first first, and no more than it may',
    run: async (opened) => {
      const { events } = opened
      const { epoch } = await events.end()
      await makeAll(opened, [...changesOf(5, { at: Date.now() - hour }), ...changesOf(2)])

      const removed = [
        await events.forget(hour / 2, 3),
        await events.forget(hour / 2, 3),
        await events.forget(hour / 2, 3),
      ]

      assert.deepEqual(removed, [3, 2, 0])
      assert.deepEqual(await numbersAfter(events, { epoch, number: 5 }), [6, 7])
    },
  },
  {
    sentence: 'knows no position from which an event is missing',
    run: async (opened) => {
      const { events } = opened
      const { epoch } = await events.end()
      await makeAll(opened, [...changesOf(3, { at: Date.now() - hour }), newChange()])

      await events.forget(hour / 2, 2)

      assert.equal(await events.after({ epoch, number: 1 }, 10), undefined)
      assert.deepEqual(await numbersAfter(events, { epoch, number: 2 }), [3, 4])
    },
  },
  {
    sentence: 'knows its end and no earlier position when all is forgotten',
    run: async (opened) => {
      const { events } = opened
      await makeAll(opened, changesOf(2, { at: Date.now() - hour }))
      const end = await events.end()

      await events.forget(hour / 2, 10)

      assert.deepEqual(await events.after(end, 10), [])
      assert.equal(await events.after({ ...end, number: 1 }, 10), undefined)
      assert.deepEqual(await events.end(), end)
    },
  },
  {
    sentence: 'leaves what is old behind what is not, so that there is no gap',
    run: async (opened) => {
      const { events } = opened
      const start = await events.end()
      await makeAll(opened, [newChange(), newChange({ at: Date.now() - hour }), newChange()])

      const removed = await events.forget(hour / 2, 10)

      assert.equal(removed, 0)
      assert.deepEqual(await numbersAfter(events, start), [1, 2, 3])
    },
  },
  {
    sentence: 'knows no position of another epoch',
    run: async (opened) => {
      const { events } = opened
      await makeAll(opened, changesOf(2))

      const found = await events.after({ epoch: randomUUID(), number: 1 }, 10)

      assert.equal(found, undefined)
    },
  },
  {
    sentence: 'knows no position that lies ahead',
    run: async (opened) => {
      const { events } = opened
      await makeAll(opened, changesOf(2))
      const { epoch, number } = await events.end()

      const found = await events.after({ epoch, number: number + 1 }, 10)

      assert.equal(found, undefined)
    },
  },
]
