/** What becomes of events that cannot be folded. */
import assert from 'node:assert/strict'
import { assertUnavailable } from '../../storage/contract.ts'
import {
  aboutsOf,
  acceptedOf,
  type LogCase,
  lettersOf,
  newEvent,
  newEvents,
  publishAll,
  smallLog,
  takeFresh,
} from './event-kit.ts'

export const deadLetterCases: readonly LogCase[] = [
  {
    sentence: 'keeps what was buried, whole and with the reason, and gives it to nobody',
    run: async ({ events, elsewhere, pass }) => {
      const taken = await takeFresh({ events })

      await events.bury(taken, 'it is no vote')

      const [letter, ...others] = await lettersOf(elsewhere)
      assert.deepEqual(others, [])
      assert.deepEqual([letter?.event], acceptedOf([taken]))
      assert.equal(letter?.reason, 'it is no vote')
      await pass(smallLog.leaseMilliseconds)
      assert.deepEqual(await events.take('votes', 10), [])
    },
  },
  {
    sentence: 'buries once what two workers bury',
    run: async ({ events, elsewhere }) => {
      const taken = await takeFresh({ events })

      await Promise.all([events, elsewhere].map((one) => one.bury(taken, 'it is no vote')))

      assert.equal((await lettersOf(events)).length, 1)
    },
  },
  {
    sentence: 'buries nothing that was settled',
    run: async ({ events, elsewhere }) => {
      const taken = await takeFresh({ events })
      await events.settle('votes', [taken])

      await elsewhere.bury(taken, 'it is no vote')

      assert.deepEqual(await lettersOf(events), [])
    },
  },
  {
    sentence: 'makes room in the topic for what was buried',
    run: async ({ events }) => {
      await publishAll(events, newEvents(smallLog.maxEvents))
      const [taken] = await events.take('votes', 1)
      assert.ok(taken !== undefined)

      await events.bury(taken, 'it is no vote')

      await events.publish(newEvent())
    },
  },
  {
    sentence: 'refuses to bury with 503 where there are too many dead letters, and loses neither',
    run: async ({ events, pass }) => {
      await publishAll(events, newEvents(smallLog.maxDeadLetters + 1))
      const taken = await events.take('votes', smallLog.maxDeadLetters + 1)
      const last = taken.at(-1)
      assert.ok(last !== undefined)
      for (const one of taken.slice(0, -1)) await events.bury(one, 'it is no vote')

      await assertUnavailable(events.bury(last, 'it is no vote'))

      await pass(smallLog.leaseMilliseconds)
      assert.deepEqual(await events.take('votes', 10), [last])
      const buried = (await lettersOf(events)).map(({ event }) => event)
      assert.deepEqual(aboutsOf(buried), aboutsOf(taken.slice(0, -1)))
    },
  },
  {
    sentence: 'lists dead letters in their order, page by page',
    run: async ({ events }) => {
      for (const one of newEvents(3)) await events.bury(await takeFresh({ events }, one), one.about)

      const [first] = await events.deadLetters({ after: undefined, limit: 1 })
      const rest = await events.deadLetters({ after: first?.id, limit: 10 })

      assert.deepEqual(
        [first, ...rest].map((one) => one?.reason),
        ['post-0', 'post-1', 'post-2'],
      )
    },
  },
  {
    sentence: 'lets what is replayed wait again, with the id that it had, beside a newer one',
    run: async ({ events, elsewhere }) => {
      const taken = await takeFresh({ events })
      await events.bury(taken, 'it is no vote')
      const newer = await events.publish(newEvent({ payload: 'dislike' }))
      const [letter] = await lettersOf(events)
      assert.ok(letter !== undefined)

      const isReplayed = await elsewhere.replay(letter)

      assert.equal(isReplayed, true)
      assert.deepEqual(await lettersOf(events), [])
      const again = await events.take('votes', 10)
      const byId = [...acceptedOf(again)].sort((one, other) => (one.id < other.id ? -1 : 1))
      assert.deepEqual(byId, [...acceptedOf([taken]), newer])
    },
  },
  {
    sentence: 'settles and buries what was replayed like any other',
    run: async ({ events, pass }) => {
      for (const end of ['settle', 'bury'] as const) {
        await events.bury(await takeFresh({ events }), 'it is no vote')
        const [letter] = await lettersOf(events)
        assert.ok(letter !== undefined)
        await events.replay(letter)
        const [again] = await events.take('votes', 10)
        assert.ok(again !== undefined)

        if (end === 'settle') await events.settle('votes', [again])
        else await events.bury(again, 'it is still none')

        await pass(smallLog.leaseMilliseconds)
        assert.deepEqual(await events.take('votes', 10), [])
      }
      assert.deepEqual(
        (await lettersOf(events)).map(({ reason }) => reason),
        ['it is still none'],
      )
    },
  },
  {
    sentence: 'replays once what two replay at once',
    run: async ({ events, elsewhere }) => {
      await events.bury(await takeFresh({ events }), 'it is no vote')
      const [letter] = await lettersOf(events)
      assert.ok(letter !== undefined)

      const answers = await Promise.all([events, elsewhere].map((one) => one.replay(letter)))

      assert.deepEqual(answers.sort(), [false, true])
      assert.equal((await events.take('votes', 10)).length, 1)
    },
  },
  {
    sentence: 'refuses to replay with 503 where the topic is full, and keeps the letter',
    run: async ({ events }) => {
      await events.bury(await takeFresh({ events }), 'it is no vote')
      await publishAll(events, newEvents(smallLog.maxEvents))
      const letters = await lettersOf(events)
      assert.ok(letters[0] !== undefined)

      await assertUnavailable(events.replay(letters[0]))

      assert.deepEqual(await lettersOf(events), letters)
      const taken = await events.take('votes', 1_000)
      assert.equal(taken.length, smallLog.maxEvents)
    },
  },
]
