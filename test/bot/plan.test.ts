import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { planVotes } from '../../src/bot/plan.ts'
import { createTally } from '../../src/bot/tally.ts'

const extent = { seed: 1, users: 5, posts: 7, votes: 200 }

describe('the plan of the bot', () => {
  it('is the same for the same seed, and another for another', () => {
    const plan = [...planVotes(extent)]

    assert.deepEqual([...planVotes(extent)], plan)
    assert.notDeepEqual([...planVotes({ ...extent, seed: 2 })], plan)
  })

  it('has as many votes of each user as were asked for, of each kind and for each post', () => {
    const plan = [...planVotes(extent)]

    for (let user = 0; user < 5; user++) {
      const own = plan.filter((one) => one.user === user)
      assert.equal(own.length, 200)
      assert.deepEqual(new Set(own.map(({ vote }) => vote)), new Set(['like', 'dislike', 'none']))
      assert.deepEqual(new Set(own.map(({ post }) => post)), new Set([0, 1, 2, 3, 4, 5, 6]))
    }
  })
})

describe('the tally of the bot', () => {
  it('counts of each user the last vote for a post', () => {
    const tally = createTally()

    tally.note({ user: 0, post: 0, vote: 'dislike' })
    tally.note({ user: 1, post: 0, vote: 'dislike' })
    tally.note({ user: 2, post: 0, vote: 'like' })
    tally.note({ user: 0, post: 0, vote: 'like' })
    tally.note({ user: 2, post: 0, vote: 'none' })

    assert.deepEqual(tally.countsOf(0), { likes: 1, dislikes: 1 })
    assert.deepEqual(
      [0, 1, 2, 3].map((user) => tally.lastVote(user, 0)),
      ['like', 'dislike', 'none', 'none'],
    )
    assert.deepEqual(tally.countsOf(1), { likes: 0, dislikes: 0 })
  })
})
