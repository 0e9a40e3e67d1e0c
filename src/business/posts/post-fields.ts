/** What clients write of posts, and what they read. */
import { Refusal } from '../../http/refusal.ts'
import { choice, count, nullable, object, optional, type TypeOf, text } from '../../http/shape.ts'
import type { ViewedPost } from './post-store.ts'
import { type Vote, votes } from './vote-store.ts'

const maxTitle = 200
const maxContent = 10_000

/** In UTF-16 units, as shapes count: no character has more than two. */
export const newPost = object({
  title: text({ maxLength: 2 * maxTitle }),
  content: text({ maxLength: 2 * maxContent }),
})

export const postEdit = object({
  title: optional(text({ maxLength: 2 * maxTitle })),
  content: optional(text({ maxLength: 2 * maxContent })),
})

/** For a content of the greatest length, each character of which is escaped. */
export const maxPostBytes = 128 * 1024

const contentRule = `The content must have 1 to ${maxContent} characters, and not blank ones alone.`
const titleRule = `The title must have 1 to ${maxTitle} characters, not blank ones alone, and none that control a terminal.`

/** Refuses what no post may have. */
export function checkPost({ title, content }: TypeOf<typeof postEdit>): void {
  if (title !== undefined) checkTitle(title)
  if (content !== undefined && !(content.trim() !== '' && Array.from(content).length <= maxContent))
    throw new Refusal('invalid_request', contentRule)
}

function checkTitle(title: string): void {
  const isGood =
    title.trim() !== '' && Array.from(title).length <= maxTitle && !/\p{Cc}/u.test(title)
  if (!isGood) throw new Refusal('invalid_request', titleRule)
}

/** What a user says of a post, or what was said: `null` for nothing. */
const vote = nullable(choice(votes.filter((one) => one !== 'none')))

export const postAnswer = object({
  id: text(),
  title: text(),
  content: text(),
  /** `null` where the account is gone. */
  author: nullable(object({ id: text(), name: nullable(text()) })),
  /** Unix seconds. */
  created_at: count(),
  updated_at: count(),
  likes: count(),
  dislikes: count(),
  my_vote: vote,
})

export const voteAnswer = object({ my_vote: vote })

export function answerOf(post: ViewedPost): TypeOf<typeof postAnswer> {
  const { id, title, content, author, createdAt, updatedAt, likes, dislikes } = post
  return {
    ...{ id, title, content, likes, dislikes },
    author: author === undefined ? null : { id: author.id, name: author.name ?? null },
    created_at: Math.floor(createdAt / 1000),
    updated_at: Math.floor(updatedAt / 1000),
    my_vote: shownVote(post.vote),
  }
}

export function shownVote(vote: Vote): 'like' | 'dislike' | null {
  return vote === 'none' ? null : vote
}

export function noSuchPost(): Refusal {
  return new Refusal('not_found', 'There is no such post.')
}
