/** Several workers, each with connections of its own, that fold at the same moment. */
import assert from 'node:assert/strict'
import { randomInt, randomUUID } from 'node:crypto'
import { type CastVote, votes as kinds, type Vote } from '../../../src/business/posts/vote-store.ts'
import type { DatabaseClient } from '../../kit/database-client.ts'
import { waitUntil } from '../../kit/processes.ts'
import type { Case } from '../../storage/contract.ts'
import { addPosts, castVote, idsOf, type OpenedPosts, tallyOf } from './posts-kit.ts'

export interface Raced {
  /** Four, on the same tables. */
  readonly workers: readonly [OpenedPosts, ...OpenedPosts[]]
  readonly connect: () => Promise<DatabaseClient>
}

/** Who rejects has deadlocked with another, or was too late behind it. */
async function assertAllDone(work: readonly Promise<unknown>[]): Promise<void> {
  const settled = await Promise.allSettled(work)
  const failed = settled.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))
  assert.deepEqual(failed, [])
}

function shuffled<T>(list: readonly T[]): T[] {
  const keyed = list.map((one) => ({ one, key: randomInt(2 ** 32) }))
  return keyed.sort((a, b) => a.key - b.key).map(({ one }) => one)
}

function* inBatches<T>(list: readonly T[], most: number): Generator<T[]> {
  for (let at = 0, length = 1; at < list.length; at += length) {
    length = randomInt(1, most + 1)
    yield list.slice(at, at + length)
  }
}

function votesOf(posts: readonly string[], users: readonly string[], length: number): CastVote[] {
  const one = <T>(of: readonly T[]) => of[randomInt(of.length)] as T // neither is empty
  return Array.from({ length }, () =>
    castVote({ post: one(posts), user: one(users), vote: one(kinds) }),
  )
}

async function assertCounts(
  opened: OpenedPosts,
  cast: readonly CastVote[],
  posts: readonly string[],
) {
  const last = new Map<string, Map<string, Vote>>(posts.map((post) => [post, new Map()]))
  for (const { post, user, vote } of cast) last.get(post)?.set(user, vote)
  for (const [post, votes] of last) {
    const { likes, dislikes } = await tallyOf(opened, post)
    const all = [...votes.values()]
    const [liked, disliked] = ['like', 'dislike'].map(
      (kind) => all.filter((vote) => vote === kind).length,
    )
    assert.deepEqual([likes, dislikes], [liked, disliked])
  }
}

/** Whether `work` waits for the first of two posts without having locked the last. */
async function waitsWithoutTheLast(
  { connect }: Raced,
  [first, last]: readonly [string, string],
  work: () => Promise<unknown>,
): Promise<boolean> {
  const [holder, other] = [await connect(), await connect()]
  await holder.ask('begin')
  await holder.ask('select from business.posts where id = $1 for update', [first])
  const working = work()
  await Promise.race([working, waitUntil(holder.isWaitedFor)])
  const free = await other.ask(
    'select id from business.posts where id = $1 for update skip locked',
    [last],
  )
  await holder.ask('rollback')
  await assertAllDone([working])
  return free.length === 1
}

const people = Array.from({ length: 12 }, () => randomUUID())

export const raceCases: readonly Case<Raced>[] = [
  {
    sentence: 'count exactly what all of them fold, in batches that overlap and cross',
    run: async ({ workers }) => {
      const [first] = workers
      for (let round = 0; round < 5; round++) {
        const posts = idsOf(await addPosts(first.posts, 10))
        const cast = votesOf(posts, people, 300)

        const work = workers.map(async ({ votes }) => {
          for (const batch of inBatches(shuffled(cast), 60)) await votes.fold(batch)
        })
        await assertAllDone(work)

        await assertCounts(first, cast, posts)
      }
    },
  },
  {
    sentence: 'never wait for one another in a circle',
    run: async ({ workers }) => {
      const [first] = workers
      const posts = idsOf(await addPosts(first.posts, 40))
      for (let round = 0; round < 40; round++) {
        const cast = votesOf(posts, people, 200)
        const orders = [cast, cast.toReversed(), shuffled(cast), shuffled(cast)]

        await assertAllDone(workers.map(({ votes }, index) => votes.fold(orders[index] ?? cast)))
      }
    },
  },
  {
    sentence: 'lock the posts of a batch in the order of ids',
    run: async (raced) => {
      const [{ posts, votes }] = raced.workers
      const [first = '', last = ''] = idsOf(await addPosts(posts, 2))
      const cast = [castVote({ post: last }), castVote({ post: first })]

      const waits = await waitsWithoutTheLast(raced, [first, last], () => votes.fold(cast))

      assert.equal(waits, true)
    },
  },
  {
    sentence:
      'are not waited for in a circle by who forgets an author, whose posts are locked likewise',
    run: async (raced) => {
      const [{ posts }] = raced.workers
      const author = { id: randomUUID(), name: 'A Name' }
      const [first = '', last = ''] = idsOf(await addPosts(posts, 2, { author }))

      const forget = () => posts.forget(author.id)
      const waits = await waitsWithoutTheLast(raced, [first, last], forget)

      assert.equal(waits, true)
    },
  },
  {
    sentence: 'fold while posts are removed and edited and their author is forgotten',
    run: async ({ workers }) => {
      const [{ posts }] = workers
      for (let round = 0; round < 10; round++) {
        const author = { id: randomUUID(), name: 'A Name' }
        const ids = shuffled(idsOf(await addPosts(posts, 30, { author })))
        const cast = votesOf(ids, people, 100)
        const removed = ids.slice(0, 5)
        const changes = assertAllDone([
          posts.forget(author.id),
          ...removed.map((id) => posts.remove(id)),
          ...ids.slice(5, 10).map((id) => posts.edit(id, { title: 'Edited', updatedAt: 1 })),
        ])
        let isChanged = false
        const noteChanged = () => {
          isChanged = true
        }
        changes.then(noteChanged, noteChanged)

        const work = workers.map(async ({ votes }) => {
          do await votes.fold(shuffled(cast))
          while (!isChanged)
        })
        await assertAllDone(work)
        await changes

        await assertCounts(workers[0], cast, ids.slice(5))
      }
    },
  },
  {
    sentence: 'end like and dislike that cross as the last that was accepted',
    run: async ({ workers }) => {
      const [first] = workers
      const user = randomUUID()
      for (const post of idsOf(await addPosts(first.posts, 20))) {
        const [early, late] = shuffled<Vote>(['like', 'dislike'])
        const cast = [castVote({ post, user, vote: early ?? 'none' })]
        cast.push(castVote({ post, user, vote: late ?? 'none' }))

        await assertAllDone(
          workers.map(({ votes }, at) => votes.fold(cast.slice(at % 2, (at % 2) + 1))),
        )

        assert.equal((await tallyOf(first, post, user)).vote, late)
        await assertCounts(first, cast, [post])
      }
    },
  },
  {
    sentence: 'count 16 simultaneous likes of one user once',
    run: async ({ workers }) => {
      const [first] = workers
      const user = randomUUID()
      for (const post of idsOf(await addPosts(first.posts, 10))) {
        const work = Array.from({ length: 16 }, async (_, at) =>
          workers[at % workers.length]?.votes.fold([castVote({ post, user })]),
        )
        await assertAllDone(work)

        assert.deepEqual(await tallyOf(first, post, user), { likes: 1, dislikes: 0, vote: 'like' })
      }
    },
  },
]
