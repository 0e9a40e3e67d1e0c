/** Likes by the UTC day on which they were cast. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { eventIdOf } from '../../../src/business/event-ids.ts'
import { addPost, castVote, type PostsCase } from './posts-kit.ts'

const at = (instant: string, number = 0) => eventIdOf(Date.parse(instant), number)

export const dayCases: readonly PostsCase[] = [
  {
    sentence: 'counts a like on the UTC day on which it was cast, to the millisecond',
    run: async ({ posts, votes }) => {
      const { id: post } = await addPost(posts)
      const instants = [
        '2024-02-28T23:59:59.999Z',
        '2024-02-29T00:00:00.000Z',
        '2024-02-29T23:59:59.999Z',
        '2024-03-01T00:00:00.000Z',
      ]

      await votes.fold(instants.map((one) => castVote({ id: at(one), post })))

      assert.deepEqual(await votes.likesPerDay({ from: '2024-02-01', to: '2024-03-31' }), [
        { day: '2024-02-28', likes: 1 },
        { day: '2024-02-29', likes: 2 },
        { day: '2024-03-01', likes: 1 },
      ])
    },
  },
  {
    sentence: 'counts the first and the last day of a range, and none beyond',
    run: async ({ posts, votes }) => {
      const { id: post } = await addPost(posts)
      const days = ['2024-01-01', '2024-01-02', '2024-01-04', '2024-01-05']
      await votes.fold(days.map((day) => castVote({ id: at(`${day}T12:00:00Z`), post })))

      const found = await votes.likesPerDay({ from: '2024-01-02', to: '2024-01-04' })

      assert.deepEqual(found, [
        { day: '2024-01-02', likes: 1 },
        { day: '2024-01-04', likes: 1 },
      ])
      const empty = await votes.likesPerDay({ from: '2024-01-03', to: '2024-01-03' })
      assert.deepEqual(empty, [])
    },
  },
  {
    sentence: 'counts by day what still is a like, on the day of the last change',
    run: async ({ posts, votes }) => {
      const { id: post } = await addPost(posts)
      const [ann, bob, eve] = [randomUUID(), randomUUID(), randomUUID()]
      const [first, second] = ['2024-01-01T10:00:00Z', '2024-01-02T10:00:00Z']
      await votes.fold([
        castVote({ id: at(first, 1), post, user: ann }),
        castVote({ id: at(first, 2), post, user: bob }),
        castVote({ id: at(first, 3), post, user: eve, vote: 'dislike' }),
      ])

      await votes.fold([
        castVote({ id: at(second, 1), post, user: ann, vote: 'none' }),
        castVote({ id: at(second, 2), post, user: bob, vote: 'dislike' }),
        castVote({ id: at(second, 3), post, user: eve }),
      ])

      const found = await votes.likesPerDay({ from: '2024-01-01', to: '2024-01-31' })
      assert.deepEqual(found, [{ day: '2024-01-02', likes: 1 }])
    },
  },
]
