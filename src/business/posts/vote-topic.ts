/** Votes on their way: as events where there are some, and filed at once where there are none. */
import { Refusal } from '../../http/refusal.ts'
import type { BusinessCore } from '../capability.ts'
import { createEventIds } from '../event-ids.ts'
import type { AcceptedEvent, Topic } from '../event-port.ts'
import type { ViewedPost } from './post-store.ts'
import { type CastVote, votes as kinds, type Vote, type VoteStore } from './vote-store.ts'

/** Said once, for those who accept votes and those who fold them. */
const topicName = 'votes'

export function createVoteTopic(votes: VoteStore): Topic {
  return {
    name: topicName,
    problemOf: ({ payload }) => (isVote(payload) ? undefined : 'its payload is no vote'),
    fold: (events) => votes.fold(events.map(castVoteOf)),
  }
}

function castVoteOf({ id, owner: user, about: post, payload }: AcceptedEvent): CastVote {
  return { id, user, post, vote: payload as Vote } // it has no problem
}

function isVote(payload: string): payload is Vote {
  return kinds.some((one) => one === payload)
}

export interface Ballot {
  /** Accepts a vote: from now on its user sees it, and soon it is counted. */
  cast(user: string, post: string, vote: Vote): Promise<void>
  /**
   * The posts as they were just read, with the viewer's last votes, though they may not be counted yet. Where nobody can
   * say now which those are, as they are counted: to read needs no store but that of the posts.
   */
  withOwnVotes(viewer: string, posts: readonly ViewedPost[]): Promise<readonly ViewedPost[]>
}

export function createBallot(
  topic: Topic,
  { events, clock }: Pick<BusinessCore, 'events' | 'clock'>,
): Ballot {
  const nextId = createEventIds(clock.now)
  return {
    async cast(owner, about, payload) {
      const event = { topic: topic.name, owner, about, payload }
      const accepting = events()
      if (accepting === undefined) await topic.fold([{ ...event, id: nextId() }])
      else await accepting.publish(event)
    },
    async withOwnVotes(owner, posts) {
      const accepting = events()
      if (accepting === undefined || posts.length === 0) return posts
      const abouts = posts.map(({ id }) => id)
      const asked = { topic: topic.name, owner, abouts }
      const pending = await accepting.pending(asked).catch(noneIfUnavailable)
      return posts.map((post) => {
        const vote = pending.get(post.id)
        return vote !== undefined && isVote(vote) ? { ...post, vote } : post
      })
    },
  }
}

function noneIfUnavailable(error: unknown): ReadonlyMap<string, string> {
  if (error instanceof Refusal && error.code === 'temporarily_unavailable') return new Map()
  throw error
}
