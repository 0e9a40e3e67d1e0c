/** What must be counted in the end: of the votes of a user for a post the last one that was accepted. */
import type { PlannedVote, Vote } from './plan.ts'

export interface Counts {
  readonly likes: number
  readonly dislikes: number
}

export interface Tally {
  /** Votes of a user for a post come in the order in which they were accepted. */
  note(accepted: PlannedVote): void
  lastVote(user: number, post: number): Vote
  countsOf(post: number): Counts
}

export function createTally(): Tally {
  /** By the users who cast them, for each post. */
  const posts = new Map<number, Map<number, Vote>>()
  return {
    note({ user, post, vote }) {
      const votes = posts.get(post) ?? new Map<number, Vote>()
      posts.set(post, votes.set(user, vote))
    },
    lastVote: (user, post) => posts.get(post)?.get(user) ?? 'none',
    countsOf(post) {
      const votes = [...(posts.get(post)?.values() ?? [])]
      const countOf = (kind: Vote) => votes.filter((vote) => vote === kind).length
      return { likes: countOf('like'), dislikes: countOf('dislike') }
    },
  }
}
