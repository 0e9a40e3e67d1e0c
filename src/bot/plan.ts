/** What is voted: the same for the same seed, however fast and in whatever company it is sent. */
import { createHash } from 'node:crypto'

/** `none` takes back what was there. */
export type Vote = 'like' | 'dislike' | 'none'

/** Of a user for a post, both by their numbers. */
export interface PlannedVote {
  readonly user: number
  readonly post: number
  readonly vote: Vote
}

export interface Extent {
  readonly seed: number
  readonly users: number
  readonly posts: number
  /** Of each user. */
  readonly votes: number
}

/** One vote of each user, and so on. Where users vote more often than there are posts, they change their minds. */
export function* planVotes({ seed, users, posts, votes }: Extent): Generator<PlannedVote> {
  for (let round = 0; round < votes; round++) {
    for (let user = 0; user < users; user++) {
      const drawn = createHash('sha256').update(`${seed} ${round} ${user}`).digest()
      const vote = voteOf(drawn.readUInt32BE(4) % 10)
      yield { user, post: drawn.readUInt32BE(0) % posts, vote }
    }
  }
}

function voteOf(digit: number): Vote {
  if (digit < 5) return 'like'
  return digit < 8 ? 'dislike' : 'none'
}
