/** What an owner sees of his own events before they are folded. */
import assert from 'node:assert/strict'
import { type LogCase, newEvent, pendingOf, smallLog, takeFresh } from './event-kit.ts'

export const pendingCases: readonly LogCase[] = [
  {
    sentence: 'knows at once of an event that another process has accepted',
    run: async ({ events, elsewhere }) => {
      await events.publish(newEvent())

      assert.deepEqual(await pendingOf(elsewhere, 'post', 'other'), { post: 'like' })
    },
  },
  {
    sentence: 'knows the latest of several about the same thing',
    run: async ({ events, elsewhere }) => {
      await events.publish(newEvent())
      await elsewhere.publish(newEvent({ payload: 'dislike' }))

      assert.deepEqual(await pendingOf(events, 'post'), { post: 'dislike' })
    },
  },
  {
    sentence: 'shows nothing of other owners and topics',
    run: async ({ events }) => {
      await events.publish(newEvent({ owner: 'bob' }))
      await events.publish(newEvent({ topic: 'views' }))

      assert.deepEqual(await pendingOf(events, 'post'), {})
    },
  },
  {
    sentence: 'tells owners apart whose ids run together with what the event is about',
    run: async ({ events }) => {
      await events.publish(newEvent({ owner: 'ada","x', about: 'post' }))
      await events.publish(newEvent({ owner: 'ada:x', about: 'post' }))

      assert.deepEqual(await pendingOf(events, 'x","post', 'x:post'), {})
    },
  },
  {
    sentence: 'answers nothing about nothing',
    run: async ({ events }) => {
      await events.publish(newEvent())

      assert.deepEqual(await pendingOf(events), {})
    },
  },
  {
    sentence: 'still knows of an event that was taken, and for a while of one that was settled',
    run: async ({ events, elsewhere }) => {
      const taken = await takeFresh({ events })
      const between = await pendingOf(elsewhere, 'post')

      await events.settle('votes', [taken])

      assert.deepEqual(between, { post: 'like' })
      assert.deepEqual(await pendingOf(elsewhere, 'post'), { post: 'like' })
    },
  },
  {
    sentence: 'forgets an event some time after it was settled, and not one that is newer',
    run: async ({ events, elsewhere, pass }) => {
      const [old, replaced] = [
        await takeFresh({ events }),
        await takeFresh({ events }, { about: 'other' }),
      ]
      await events.publish(newEvent({ about: 'other', payload: 'dislike' }))
      await events.settle('votes', [old, replaced])

      await pass(smallLog.pendingMilliseconds)

      assert.deepEqual(await pendingOf(events, 'post', 'other'), { other: 'dislike' })
      assert.deepEqual(await pendingOf(elsewhere, 'post', 'other'), { other: 'dislike' })
    },
  },
  {
    sentence: 'keeps a newer event that takes the place of a settled one',
    run: async ({ events, pass }) => {
      await events.settle('votes', [await takeFresh({ events })])
      await events.publish(newEvent({ payload: 'dislike' }))

      await pass(smallLog.pendingMilliseconds)

      assert.deepEqual(await pendingOf(events, 'post'), { post: 'dislike' })
    },
  },
]
