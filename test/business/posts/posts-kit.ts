/** What the cases of the contracts of posts and of votes share. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { EventPlace } from '../../../src/business/account-port.ts'
import { eventIdOf } from '../../../src/business/event-ids.ts'
import type { OpenedPosts } from '../../../src/business/posts/open-posts.ts'
import type { NewPost, PostStore, ViewedPost } from '../../../src/business/posts/post-store.ts'
import type { CastVote } from '../../../src/business/posts/vote-store.ts'
import { uuidV7 } from '../../../src/uuid-v7.ts'
import type { Case } from '../../storage/contract.ts'

export type { OpenedPosts }
export type PostsCase = Case<OpenedPosts>

/** Somebody who has neither written nor voted. */
export const stranger: string = randomUUID()

/** 2023-11-14, 22:13:20 UTC. */
export const instant = 1_700_000_000_000

let written = 0

/** Later than each that was made before, and by an author of its own, unless told otherwise. */
export function newPost(fields: Partial<NewPost> = {}): NewPost {
  const createdAt = instant + ++written
  return {
    id: uuidV7(createdAt),
    title: 'A Title',
    content: 'A content.',
    author: { id: randomUUID(), name: 'A Name' },
    createdAt,
    ...fields,
  }
}

/** A post that is in the store. */
export async function addPost(posts: PostStore, fields: Partial<NewPost> = {}): Promise<NewPost> {
  const post = newPost(fields)
  assert.equal(await posts.add(post), true)
  return post
}

/** So many posts, the oldest first. */
export async function addPosts(
  posts: PostStore,
  length: number,
  fields: Partial<NewPost> = {},
): Promise<NewPost[]> {
  const added: NewPost[] = []
  while (added.length < length) added.push(await addPost(posts, fields))
  return added
}

/** A post as one sees it who has not voted, before anybody has. */
export function viewOf({ id, title, content, author, createdAt }: NewPost): ViewedPost {
  const counts = { likes: 0, dislikes: 0, vote: 'none' } as const
  return { id, title, content, author, createdAt, updatedAt: createdAt, ...counts }
}

export const idsOf = (posts: readonly { readonly id: string }[]) => posts.map(({ id }) => id)

/** The later it is made, the greater its id. A like of a user of its own, unless told otherwise. */
export function castVote(fields: Partial<CastVote> & { readonly post: string }): CastVote {
  return { id: eventIdOf(instant, ++written), user: randomUUID(), vote: 'like', ...fields }
}

/** How many likes and dislikes the post has, and what the viewer has voted. */
export async function tallyOf({ posts }: OpenedPosts, id: string, viewer = stranger) {
  const post = await posts.find(id, viewer)
  assert.ok(post !== undefined, 'the post is not there')
  const { likes, dislikes, vote } = post
  return { likes, dislikes, vote }
}

/** A place in the feed of accounts, of one epoch unless told. */
export function placeAt(number: number, epoch = 'first', at = 1): EventPlace {
  return { epoch, number, at }
}
