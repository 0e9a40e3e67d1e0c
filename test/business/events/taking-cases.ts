/** Who gets which events, and how often. */
import assert from 'node:assert/strict'
import { assertUnavailable, hostileTexts } from '../../storage/contract.ts'
import {
  aboutsOf,
  acceptedOf,
  type LogCase,
  newEvent,
  newEvents,
  publishAll,
  smallLog,
  takeFresh,
} from './event-kit.ts'

export const takingCases: readonly LogCase[] = [
  {
    sentence: 'gives what was published, whole, in its order',
    run: async ({ events }) => {
      const accepted = []
      for (const event of newEvents(3)) accepted.push(await events.publish(event))

      const taken = await events.take('votes', 10)

      assert.deepEqual(acceptedOf(taken), accepted)
    },
  },
  {
    sentence: 'answers who publishes with his event and an id',
    run: async ({ events }) => {
      const event = newEvent()

      const { id, ...rest } = await events.publish(event)

      assert.deepEqual(rest, event)
      assert.match(id, /^\d{15}-\d{10}$/)
    },
  },
  {
    sentence: 'gives a later event the greater id, whoever publishes it',
    run: async ({ events, elsewhere }) => {
      const ids: string[] = []
      for (const event of newEvents(50)) {
        ids.push((await events.publish(event)).id, (await elsewhere.publish(event)).id)
      }

      assert.deepEqual(ids, [...new Set(ids)].sort())
    },
  },
  {
    sentence: 'gives nothing where nothing was published, or all was taken',
    run: async ({ events }) => {
      const before = await events.take('votes', 10)
      await takeFresh({ events })

      const after = await events.take('votes', 10)

      assert.deepEqual([before, after], [[], []])
    },
  },
  {
    sentence: 'gives no more than it is asked for, and the rest to the next',
    run: async ({ events }) => {
      await publishAll(events, newEvents(5))

      const counts = []
      for (const limit of [2, 2, 2]) counts.push((await events.take('votes', limit)).length)

      assert.deepEqual(counts, [2, 2, 1])
    },
  },
  {
    sentence: 'gives each of a hundred events to one of eight takers',
    run: async ({ events, elsewhere }) => {
      const accepted = await publishAll(events, newEvents(100))

      const taking = Array.from({ length: 8 }, (_, index) =>
        (index % 2 === 0 ? events : elsewhere).take('votes', 20),
      )

      const taken = (await Promise.all(taking)).flat()
      assert.deepEqual(aboutsOf(taken), aboutsOf(accepted))
    },
  },
  {
    sentence: 'keeps the events of each topic apart',
    run: async ({ events }) => {
      await events.publish(newEvent({ topic: 'views' }))

      const taken = await events.take('votes', 10)

      assert.deepEqual(taken, [])
      assert.equal((await events.take('views', 10)).length, 1)
    },
  },
  {
    sentence: 'leaves what was taken to its taker while his lease lasts',
    run: async ({ events, elsewhere }) => {
      await takeFresh({ events })

      assert.deepEqual(await elsewhere.take('votes', 10), [])
      assert.deepEqual(await events.take('votes', 10), [])
    },
  },
  {
    sentence:
      'gives what a taker did not settle within the lease to another, who has it for a lease',
    run: async ({ events, elsewhere, pass }) => {
      const taken = await takeFresh({ events })

      await pass(smallLog.leaseMilliseconds)
      const again = await elsewhere.take('votes', 10)

      assert.deepEqual(again, [taken])
      assert.deepEqual(await events.take('votes', 10), [])
    },
  },
  {
    sentence: 'gives new ones beside those whose lease has passed',
    run: async ({ events, pass }) => {
      await publishAll(events, newEvents(3))
      await events.take('votes', 3)
      await pass(smallLog.leaseMilliseconds)
      await events.publish(newEvent({ about: 'fresh' }))

      const taken = await events.take('votes', 10)

      assert.deepEqual(aboutsOf(taken), ['fresh', 'post-0', 'post-1', 'post-2'])
    },
  },
  {
    sentence: 'gives what was settled to nobody again',
    run: async ({ events, elsewhere, pass }) => {
      const taken = await takeFresh({ events })

      await events.settle('votes', [taken])

      await pass(smallLog.leaseMilliseconds)
      assert.deepEqual(await events.take('votes', 10), [])
      assert.deepEqual(await elsewhere.take('votes', 10), [])
    },
  },
  {
    sentence: 'settles those that are named and no others',
    run: async ({ events, pass }) => {
      await publishAll(events, newEvents(3))
      const [first, second, third] = await events.take('votes', 3)
      assert.ok(first !== undefined && second !== undefined && third !== undefined)

      await events.settle('votes', [third, first])
      await events.settle('votes', [])

      await pass(smallLog.leaseMilliseconds)
      assert.deepEqual(await events.take('votes', 3), [second])
    },
  },
  {
    sentence: 'passes over what was settled before',
    run: async ({ events, elsewhere, pass }) => {
      const taken = await takeFresh({ events })
      await events.settle('votes', [taken])

      await elsewhere.settle('votes', [taken])

      await pass(smallLog.leaseMilliseconds)
      assert.deepEqual(await events.take('votes', 10), [])
    },
  },
  {
    sentence: 'keeps a copy: what becomes of the original changes nothing',
    run: async ({ events }) => {
      const event = newEvent()
      await events.publish(event)

      Object.assign(event, { payload: 'forged' })

      assert.equal((await events.take('votes', 1))[0]?.payload, 'like')
    },
  },
  {
    sentence:
      'refuses with 503 what is too much for a topic, files nothing of it, and takes other topics',
    run: async ({ events, elsewhere }) => {
      await publishAll(events, newEvents(smallLog.maxEvents))

      await assertUnavailable(elsewhere.publish(newEvent({ about: 'too much' })))

      assert.deepEqual(
        await events.pending({ topic: 'votes', owner: 'ada', abouts: ['too much'] }),
        new Map(),
      )
      await assert.doesNotReject(events.publish(newEvent({ topic: 'views' })))
      const taken = await events.take('votes', 1_000)
      assert.deepEqual(aboutsOf(taken), aboutsOf(newEvents(smallLog.maxEvents)))
    },
  },
  {
    sentence: 'counts what was taken and not settled, and has room for as many as were settled',
    run: async ({ events }) => {
      await publishAll(events, newEvents(smallLog.maxEvents))
      const taken = await events.take('votes', 10)
      await assertUnavailable(events.publish(newEvent()))

      await events.settle('votes', taken)

      await publishAll(events, newEvents(10))
      await assertUnavailable(events.publish(newEvent()))
    },
  },
  ...hostileTexts.map(
    ([what, text]): LogCase => ({
      sentence: `carries ${what}`,
      run: async ({ events }) => {
        const event = newEvent({ owner: text, about: text, payload: text })

        const accepted = await events.publish(event)

        const pending = await events.pending({ topic: 'votes', owner: text, abouts: [text] })
        assert.deepEqual(pending, new Map([[text, text]]))
        assert.deepEqual(acceptedOf(await events.take('votes', 1)), [accepted])
      },
    }),
  ),
]
