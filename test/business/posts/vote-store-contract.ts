/** The contract of `VoteStore`. An adapter's own test file is one call, and what only that adapter has. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { eventIdOf } from '../../../src/business/event-ids.ts'
import { describeCases, hostileTexts } from '../../storage/contract.ts'
import {
  addPost,
  addPosts,
  castVote,
  instant,
  type OpenedPosts,
  type PostsCase,
  tallyOf,
} from './posts-kit.ts'
import { dayCases } from './vote-store-days.ts'

const foldingCases: readonly PostsCase[] = [
  {
    sentence: 'counts likes and dislikes, and shows each voter what he has voted',
    run: async (opened) => {
      const [one, other] = await addPosts(opened.posts, 2)
      const [ann, bob] = [randomUUID(), randomUUID()]
      const [post = '', elsewhere = ''] = [one?.id, other?.id]

      await opened.votes.fold([
        castVote({ post, user: ann }),
        castVote({ post }),
        castVote({ post, user: bob, vote: 'dislike' }),
        castVote({ post: elsewhere, user: ann, vote: 'dislike' }),
      ])

      assert.deepEqual(await tallyOf(opened, post, ann), { likes: 2, dislikes: 1, vote: 'like' })
      assert.deepEqual(await tallyOf(opened, post, bob), { likes: 2, dislikes: 1, vote: 'dislike' })
      assert.deepEqual(await tallyOf(opened, post), { likes: 2, dislikes: 1, vote: 'none' })
      const listed = await opened.posts.list({ limit: 2 }, ann)
      assert.deepEqual(
        listed.map(({ likes, dislikes, vote }) => [likes, dislikes, vote]),
        [
          [0, 1, 'dislike'],
          [2, 1, 'like'],
        ],
      )
    },
  },
  {
    sentence:
      'moves both counts where somebody changes his mind, and takes back what is taken back',
    run: async (opened) => {
      const { id: post } = await addPost(opened.posts)
      const user = randomUUID()
      const tallies: unknown[] = []

      for (const vote of ['like', 'dislike', 'dislike', 'none', 'none', 'like'] as const) {
        await opened.votes.fold([castVote({ post, user, vote })])
        tallies.push(Object.values(await tallyOf(opened, post, user)))
      }

      assert.deepEqual(tallies, [
        [1, 0, 'like'],
        [0, 1, 'dislike'],
        [0, 1, 'dislike'],
        [0, 0, 'none'],
        [0, 0, 'none'],
        [1, 0, 'like'],
      ])
    },
  },
  {
    sentence: 'counts once what is folded twice, in one batch or in several',
    run: async (opened) => {
      const { id: post } = await addPost(opened.posts)
      const [like, dislike] = [castVote({ post }), castVote({ post, vote: 'dislike' })]

      await opened.votes.fold([like, like, dislike])
      await opened.votes.fold([dislike, like])
      await opened.votes.fold([like])

      assert.deepEqual(await tallyOf(opened, post), { likes: 1, dislikes: 1, vote: 'none' })
    },
  },
  {
    sentence: 'leaves the vote that is there to one of the same id',
    run: async (opened) => {
      const { id: post } = await addPost(opened.posts)
      const like = castVote({ post })
      await opened.votes.fold([like])

      await opened.votes.fold([{ ...like, vote: 'dislike' }])

      const { user } = like
      assert.deepEqual(await tallyOf(opened, post, user), { likes: 1, dislikes: 0, vote: 'like' })
    },
  },
  {
    sentence: 'lets the last vote win that comes before an earlier one, in one batch or in several',
    run: async (opened) => {
      const [one, other] = await addPosts(opened.posts, 2)
      const user = randomUUID()

      for (const [post = '', together] of [
        [one?.id, true],
        [other?.id, false],
      ] as const) {
        const early = castVote({ post, user, vote: 'dislike' })
        const late = castVote({ post, user })
        await opened.votes.fold(together ? [late, early] : [late])
        if (!together) await opened.votes.fold([early])

        assert.deepEqual(await tallyOf(opened, post, user), { likes: 1, dislikes: 0, vote: 'like' })
      }
    },
  },
  {
    sentence: 'remembers that a vote was taken back when an earlier one comes late',
    run: async (opened) => {
      const { id: post } = await addPost(opened.posts)
      const user = randomUUID()
      const [early, late] = [castVote({ post, user }), castVote({ post, user, vote: 'none' })]

      await opened.votes.fold([late])
      await opened.votes.fold([early])

      assert.deepEqual(await tallyOf(opened, post, user), { likes: 0, dislikes: 0, vote: 'none' })
    },
  },
  {
    sentence: 'compares ids as texts, by the instant before the number within it',
    run: async (opened) => {
      const { id: post } = await addPost(opened.posts)
      const user = randomUUID()
      const ids = [eventIdOf(instant, 9), eventIdOf(instant, 10), eventIdOf(instant + 1, 0)]
      const kinds = ['like', 'dislike', 'like'] as const

      for (const [index, id] of ids.entries()) {
        const vote = kinds[index] ?? 'none'
        await opened.votes.fold([castVote({ id, post, user, vote })])
        assert.equal((await tallyOf(opened, post, user)).vote, vote)
      }
    },
  },
  {
    sentence: 'ignores votes for posts that are not there, and counts the others of the batch',
    run: async (opened) => {
      const { id: post } = await addPost(opened.posts)
      const late = await addPost(opened.posts)
      await opened.posts.remove(late.id)

      await opened.votes.fold([
        castVote({ post: randomUUID() }),
        castVote({ post: late.id }),
        castVote({ post }),
        castVote({ post: '__proto__' }),
      ])
      await opened.votes.fold([])

      assert.deepEqual(await tallyOf(opened, post), { likes: 1, dislikes: 0, vote: 'none' })
      await addPost(opened.posts, late)
      assert.deepEqual(await tallyOf(opened, late.id), { likes: 0, dislikes: 0, vote: 'none' })
    },
  },
  {
    sentence: 'removes a post together with its votes',
    run: async (opened) => {
      const post = await addPost(opened.posts)
      const like = castVote({ post: post.id })
      await opened.votes.fold([like])

      await opened.posts.remove(post.id)
      await opened.votes.fold([like])

      const days = { from: '2023-11-01', to: '2023-11-30' }
      assert.deepEqual(await opened.votes.likesPerDay(days), [])
      await addPost(opened.posts, post)
      const tally = await tallyOf(opened, post.id, like.user)
      assert.deepEqual(tally, { likes: 0, dislikes: 0, vote: 'none' })
    },
  },
  {
    sentence: 'keeps counts through an edit',
    run: async (opened) => {
      const { id: post } = await addPost(opened.posts)
      const vote = castVote({ post })
      await opened.votes.fold([vote])

      await opened.posts.edit(post, { title: 'Edited', updatedAt: instant })
      await opened.votes.fold([vote, castVote({ post, vote: 'dislike' })])

      assert.deepEqual(await tallyOf(opened, post), { likes: 1, dislikes: 1, vote: 'none' })
    },
  },
  {
    sentence: 'copies votes in',
    run: async (opened) => {
      const { id: post } = await addPost(opened.posts)
      const vote = castVote({ post })
      const { user } = vote
      await opened.votes.fold([vote])

      Object.assign(vote, { vote: 'dislike', user: 'forged' })

      assert.equal((await tallyOf(opened, post, user)).vote, 'like')
    },
  },
  {
    sentence: 'counts votes of users whose ids are hostile texts, each for itself',
    run: async (opened) => {
      const { id: post } = await addPost(opened.posts)
      const users = hostileTexts.map(([, text]) => text)

      await opened.votes.fold(users.map((user) => castVote({ post, user })))

      for (const user of users)
        assert.deepEqual(await tallyOf(opened, post, user), {
          likes: users.length,
          dislikes: 0,
          vote: 'like',
        })
    },
  },
  {
    sentence: 'counts 16 simultaneous likes of one user once',
    run: async (opened) => {
      const { id: post } = await addPost(opened.posts)
      const user = randomUUID()

      await Promise.all(
        Array.from({ length: 16 }, () => opened.votes.fold([castVote({ post, user })])),
      )

      assert.deepEqual(await tallyOf(opened, post, user), { likes: 1, dislikes: 0, vote: 'like' })
    },
  },
  {
    sentence: 'counts 32 simultaneous likes of as many users, each',
    run: async (opened) => {
      const { id: post } = await addPost(opened.posts)

      await Promise.all(Array.from({ length: 32 }, () => opened.votes.fold([castVote({ post })])))

      assert.deepEqual(await tallyOf(opened, post), { likes: 32, dislikes: 0, vote: 'none' })
    },
  },
]

export const voteStoreCases = [...foldingCases, ...dayCases]

export function voteStoreContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedPosts>,
): void {
  describeCases(name, voteStoreCases, open)
}
