import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createEventIds } from '../../../src/business/event-ids.ts'
import type { AcceptedEvent, Events, NewEvent } from '../../../src/business/event-port.ts'
import { memoryPosts } from '../../../src/business/posts/memory.ts'
import { createBallot, createVoteTopic } from '../../../src/business/posts/vote-topic.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import { manualClock } from '../../kit/clock.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { addPost, type OpenedPosts, tallyOf } from './posts-kit.ts'

/** Events that wait until a test folds them. */
function waitingEvents() {
  const clock = manualClock()
  const nextId = createEventIds(clock.now)
  const waiting: AcceptedEvent[] = []
  const events: Events = {
    async publish(event: NewEvent) {
      const accepted = { ...event, id: nextId() }
      waiting.push(accepted)
      return accepted
    },
    async pending({ topic, owner, abouts }) {
      const own = waiting.filter((one) => one.topic === topic && one.owner === owner)
      return new Map(
        own.flatMap((one) => (abouts.includes(one.about) ? [[one.about, one.payload]] : [])),
      )
    },
  }
  return { events, waiting }
}

function startBallot(opened: OpenedPosts, events: Events | undefined) {
  const topic = createVoteTopic(opened.votes)
  return { topic, ballot: createBallot(topic, { events: () => events, clock: manualClock() }) }
}

describe('a vote, where there are events', () => {
  it('is accepted as one, seen by its user at once, and counted once it is folded', async () => {
    const opened = memoryPosts()
    const { events, waiting } = waitingEvents()
    const { ballot, topic } = startBallot(opened, events)
    const { id } = await addPost(opened.posts)

    await ballot.cast('ann', id, 'like')
    await ballot.cast('ann', id, 'dislike')

    const [own] = await ballot.withOwnVotes('ann', await opened.posts.list({ limit: 1 }, 'ann'))
    const [others] = await ballot.withOwnVotes('bob', await opened.posts.list({ limit: 1 }, 'bob'))
    assert.deepEqual([own?.vote, own?.dislikes, others?.vote], ['dislike', 0, 'none'])
    assert.deepEqual(
      waiting.map(({ topic, owner, about, payload }) => ({ topic, owner, about, payload })),
      ['like', 'dislike'].map((payload) => ({ topic: 'votes', owner: 'ann', about: id, payload })),
    )
    await topic.fold(waiting)
    assert.deepEqual(await tallyOf(opened, id, 'ann'), { likes: 0, dislikes: 1, vote: 'dislike' })
  })

  it('that is taken back is seen as none before it is counted', async () => {
    const opened = memoryPosts()
    const { events, waiting } = waitingEvents()
    const { ballot, topic } = startBallot(opened, events)
    const { id } = await addPost(opened.posts)
    await ballot.cast('ann', id, 'like')
    await topic.fold(waiting)

    await ballot.cast('ann', id, 'none')

    const [own] = await ballot.withOwnVotes('ann', await opened.posts.list({ limit: 1 }, 'ann'))
    assert.deepEqual([own?.vote, own?.likes], ['none', 1])
  })

  it('is refused where they are refused, and not filed by another way', async () => {
    const opened = memoryPosts()
    const full = async () => {
      throw unavailable('Too many wait.')
    }
    const { ballot } = startBallot(opened, { publish: full, pending: full })
    const { id } = await addPost(opened.posts)

    await assertUnavailable(ballot.cast('ann', id, 'like'))

    assert.deepEqual(await tallyOf(opened, id, 'ann'), { likes: 0, dislikes: 0, vote: 'none' })
  })

  it('is shown as it is counted where nobody can say what waits', async () => {
    const opened = memoryPosts()
    const away = async () => {
      throw unavailable('The store is away.')
    }
    const { ballot, topic } = startBallot(opened, { publish: away, pending: away })
    const { id } = await addPost(opened.posts)
    const like = { topic: topic.name, owner: 'ann', about: id, payload: 'like' }
    await topic.fold([{ ...like, id: createEventIds(Date.now)() }])

    const [shown] = await ballot.withOwnVotes('ann', await opened.posts.list({ limit: 1 }, 'ann'))

    assert.deepEqual([shown?.vote, shown?.likes], ['like', 1])
  })

  it('asks for nothing where there is no post', async () => {
    const { ballot } = startBallot(memoryPosts(), {
      publish: () => assert.fail('nobody votes'),
      pending: () => assert.fail('there is nothing to ask about'),
    })

    assert.deepEqual(await ballot.withOwnVotes('ann', []), [])
  })
})

describe('a vote, where there are no events', () => {
  it('is counted at once, the last one last within a millisecond too', async () => {
    const opened = memoryPosts()
    const { ballot } = startBallot(opened, undefined)
    const { id } = await addPost(opened.posts)

    for (const vote of ['like', 'dislike', 'none', 'like'] as const) {
      await ballot.cast('ann', id, vote)
      assert.equal((await tallyOf(opened, id, 'ann')).vote, vote)
    }

    const found = await opened.posts.list({ limit: 1 }, 'ann')
    assert.deepEqual(await ballot.withOwnVotes('ann', found), found)
    assert.deepEqual(await tallyOf(opened, id), { likes: 1, dislikes: 0, vote: 'none' })
  })
})

describe('the topic of votes', () => {
  it('says what can never be folded', () => {
    const ofVotes = createVoteTopic(memoryPosts().votes)
    const event = { id: 'id', topic: 'votes', owner: 'ann', about: 'post' }

    const problems = ['like', 'dislike', 'none', '', 'Like', 'toString', '{"value":"like"}'].map(
      (payload) => ofVotes.problemOf({ ...event, payload }) !== undefined,
    )

    assert.deepEqual(problems, [false, false, false, true, true, true, true])
  })
})
