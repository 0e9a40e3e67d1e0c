/** Whatever happens to events on their way, a model that is given each once, in order, ends the same. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import fc from 'fast-check'
import { eventIdOf } from '../../../src/business/event-ids.ts'
import { type CastVote, type Vote, votes } from '../../../src/business/posts/vote-store.ts'
import { skipUnless } from '../../kit/installed.ts'
import { openMemoryPosts, sharePosts } from './open-posts.ts'
import { addPosts, idsOf, instant, type OpenedPosts } from './posts-kit.ts'

const users = ['ann', 'bob', 'eve', 'joe']
const postCount = 3

/** Who votes what about which post, in the order of acceptance. */
const cast = fc.array(
  fc.record({
    user: fc.constantFrom(...users),
    post: fc.nat({ max: postCount - 1 }),
    vote: fc.constantFrom(...votes),
  }),
  { maxLength: 24 },
)

/** What happens to so many events: some come twice, in any order, in batches of any lengths. */
const lifeOf = (events: number) =>
  fc.record({
    again: fc.subarray(Array.from({ length: events }, (_, index) => index)),
    keys: fc.array(fc.nat(), { minLength: 2 * events, maxLength: 2 * events }),
    ends: fc.array(fc.boolean(), { minLength: 2 * events, maxLength: 2 * events }),
  })

const lives = cast.chain((made) => fc.tuple(fc.constant(made), lifeOf(made.length)))

type Life = typeof lives extends fc.Arbitrary<readonly [unknown, infer L]> ? L : never

function batchesOf(events: readonly CastVote[], { again, keys, ends }: Life): CastVote[][] {
  const all = [...events, ...again.flatMap((index) => events[index] ?? [])]
  const order = all.map((_, index) => index)
  order.sort((one, other) => (keys[one] ?? 0) - (keys[other] ?? 0))
  const batches: CastVote[][] = [[]]
  for (const [place, index] of order.entries()) {
    batches.at(-1)?.push(all[index] as CastVote) // an index of its own
    if (ends[place] === true) batches.push([])
  }
  return batches
}

async function assertAsModel(opened: OpenedPosts, made: readonly CastVote[], ids: string[]) {
  const last = new Map<string, Vote>()
  for (const { post, user, vote } of made) last.set(`${post} ${user}`, vote)
  for (const post of ids)
    for (const user of users) {
      const found = await opened.posts.find(post, user)
      const ofPost = users.map((one) => last.get(`${post} ${one}`))
      assert.deepEqual(
        { likes: found?.likes, dislikes: found?.dislikes, vote: found?.vote },
        {
          likes: ofPost.filter((vote) => vote === 'like').length,
          dislikes: ofPost.filter((vote) => vote === 'dislike').length,
          vote: last.get(`${post} ${user}`) ?? 'none',
        },
      )
    }
}

async function checkLives(open: () => Promise<OpenedPosts>, numRuns: number): Promise<void> {
  const opened = await open()
  await fc.assert(
    fc.asyncProperty(lives, async ([choices, life]) => {
      const ids = idsOf(await addPosts(opened.posts, postCount))
      const events = choices.map(({ user, post, vote }, index) => ({
        id: eventIdOf(instant + Math.floor(index / 3), index % 3),
        user,
        post: ids[post] ?? '',
        vote,
      }))

      for (const batch of batchesOf(events, life)) await opened.votes.fold(batch)

      await assertAsModel(opened, events, ids)
    }),
    { numRuns },
  )
}

describe('votes in any order, twice or not, in batches of any length', () => {
  it('end as if each had come once and in order, in memory', async () => {
    await checkLives(openMemoryPosts, 500)
  })

  describe('on Postgres', { skip: skipUnless('postgres') }, () => {
    const { open } = sharePosts()

    it('end as if each had come once and in order', async (t: TestContext) => {
      await checkLives(() => open(t), 100)
    })
  })
})
