import { describe } from 'node:test'
import { acceptedAt, eventIdOf } from '../../../src/business/event-ids.ts'
import { memoryPosts } from '../../../src/business/posts/memory.ts'
import type { ViewedPost } from '../../../src/business/posts/post-store.ts'
import type { CastVote, VoteStore } from '../../../src/business/posts/vote-store.ts'
import { type Flaw, itNotices } from '../../storage/wrong-store.ts'
import type { OpenedPosts } from './posts-kit.ts'
import { voteStoreCases } from './vote-store-contract.ts'

type Spoil = (right: OpenedPosts) => Partial<VoteStore>

function flaw(what: string, isCaughtBy: string, spoil: Spoil): Flaw<OpenedPosts> {
  const open = async () => {
    const right = memoryPosts()
    return { posts: right.posts, votes: { ...right.votes, ...spoil(right) } }
  }
  return { what, isCaughtBy, open }
}

/** Changes votes before they are folded. */
const folding =
  (change: (cast: readonly CastVote[]) => readonly CastVote[]): Spoil =>
  ({ votes }) => ({ fold: (cast) => votes.fold(change(cast)) })

/** Takes each for the latest that there ever was. */
function asTheyCome(): Spoil {
  let number = 0
  return folding((cast) =>
    cast.map((one) => ({ ...one, id: eventIdOf(acceptedAt(one.id) + 1_000_000, ++number) })),
  )
}

/** Counts by itself whatever comes, and reads before it writes. */
function countedFlaw(what: string, isCaughtBy: string): Flaw<OpenedPosts> {
  const open = async () => {
    const { posts, votes } = memoryPosts()
    const counts = new Map<string, number>()
    async function fold(cast: readonly CastVote[]): Promise<void> {
      const touched = [...new Set(cast.map(({ post }) => post))]
      const before = touched.map((post) => [post, counts.get(post) ?? 0] as const)
      await votes.fold(cast)
      for (const [post, count] of before) counts.set(post, count + likesIn(cast, post))
    }
    const counted = (post: ViewedPost) => ({ ...post, likes: counts.get(post.id) ?? post.likes })
    return {
      votes: { ...votes, fold },
      posts: {
        ...posts,
        find: async (id: string, viewer: string) => {
          const found = await posts.find(id, viewer)
          return found && counted(found)
        },
      },
    }
  }
  return { what, isCaughtBy, open }
}

const likesIn = (cast: readonly CastVote[], post: string) =>
  cast.filter((one) => one.post === post && one.vote === 'like').length

const flaws = [
  flaw(
    'takes a dislike for a like that was taken back',
    'counts likes and dislikes, and shows each voter what he has voted',
    folding((cast) => cast.map((one) => (one.vote === 'dislike' ? { ...one, vote: 'none' } : one))),
  ),
  countedFlaw(
    'counts a like that is repeated',
    'moves both counts where somebody changes his mind, and takes back what is taken back',
  ),
  countedFlaw(
    'counts whatever comes',
    'counts once what is folded twice, in one batch or in several',
  ),
  countedFlaw(
    'writes counts that it has read before',
    'counts 32 simultaneous likes of as many users, each',
  ),
  flaw(
    'lets a vote of the same id win',
    'leaves the vote that is there to one of the same id',
    asTheyCome(),
  ),
  flaw(
    'lets the vote win that comes last',
    'lets the last vote win that comes before an earlier one, in one batch or in several',
    asTheyCome(),
  ),
  flaw(
    'forgets that a vote was taken back',
    'remembers that a vote was taken back when an earlier one comes late',
    folding((cast) => cast.filter(({ vote }) => vote !== 'none')),
  ),
  flaw(
    'compares numbers within a millisecond as they are written',
    'compares ids as texts, by the instant before the number within it',
    folding((cast) =>
      cast.map((one) => ({ ...one, id: one.id.slice(0, 16) + String(Number(one.id.slice(16))) })),
    ),
  ),
  flaw(
    'files votes for a post before it is there',
    'ignores votes for posts that are not there, and counts the others of the batch',
    ({ posts, votes }) => {
      const early: CastVote[] = []
      const right = { ...posts }
      Object.assign(posts, {
        add: async (post: Parameters<typeof right.add>[0]) => {
          const isAdded = await right.add(post)
          await votes.fold(early)
          return isAdded
        },
      })
      return {
        fold: async (cast) => {
          early.push(...cast)
          await votes.fold(cast)
        },
      }
    },
  ),
  flaw(
    'gives up a batch for one post that is not there',
    'ignores votes for posts that are not there, and counts the others of the batch',
    ({ posts, votes }) => ({
      fold: async (cast) => {
        const found = await Promise.all(cast.map(({ post }) => posts.find(post, '')))
        if (!found.includes(undefined)) await votes.fold(cast)
      },
    }),
  ),
  flaw(
    'keeps the votes of a post that is removed',
    'removes a post together with its votes',
    ({ votes }) => {
      const ever: CastVote[] = []
      return {
        fold: async (cast) => {
          ever.push(...cast)
          await votes.fold(cast)
        },
        likesPerDay: async () => ever.map(() => ({ day: '2023-11-14', likes: 1 })),
      }
    },
  ),
  flaw(
    'tells users apart by the beginning of their ids',
    'counts votes of users whose ids are hostile texts, each for itself',
    folding((cast) => cast.map((one) => ({ ...one, user: one.user.slice(0, 1) }))),
  ),
  flaw(
    'counts days as one hour east of London does',
    'counts a like on the UTC day on which it was cast, to the millisecond',
    folding((cast) =>
      cast.map((one) => ({ ...one, id: eventIdOf(acceptedAt(one.id) + 3_600_000, 0) })),
    ),
  ),
  flaw(
    'leaves out the last day',
    'counts the first and the last day of a range, and none beyond',
    ({ votes }) => ({
      likesPerDay: async (range) =>
        (await votes.likesPerDay(range)).filter(({ day }) => day < range.to),
    }),
  ),
  flaw(
    'counts every day',
    'counts the first and the last day of a range, and none beyond',
    ({ votes }) => ({
      likesPerDay: () => votes.likesPerDay({ from: '1970-01-01', to: '2100-01-01' }),
    }),
  ),
  flaw(
    'counts by day what was a like',
    'counts by day what still is a like, on the day of the last change',
    folding((cast) => cast.filter(({ vote }) => vote === 'like')),
  ),
]

describe('the contract of votes', () => {
  for (const one of flaws) itNotices(one, voteStoreCases)
})
