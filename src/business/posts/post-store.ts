/**
 * Posts, and who wrote them: a port. What others have voted is counted in each post, and what the viewer has voted is
 * found with it; votes themselves come through `VoteStore`.
 *
 * Faults: a method rejects with a `Refusal` of code `temporarily_unavailable`. Posts are copied in and out.
 */
import type { EventPlace } from '../account-port.ts'
import type { Vote } from './vote-store.ts'

export interface Author {
  /** A user's id. */
  readonly id: string
  /** What others see; `undefined` where nobody has told it. */
  readonly name: string | undefined
}

export interface Post {
  /** A UUIDv7: a post that was written in a later millisecond has a greater id. */
  readonly id: string
  readonly title: string
  readonly content: string
  /** `undefined` where the account is gone. */
  readonly author: Author | undefined
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly updatedAt: number
  readonly likes: number
  readonly dislikes: number
}

export interface ViewedPost extends Post {
  /** Of the viewer. */
  readonly vote: Vote
}

export interface NewPost {
  readonly id: string
  readonly title: string
  readonly content: string
  readonly author: Author
  readonly createdAt: number
}

export interface Edit {
  readonly title?: string
  readonly content?: string
  readonly updatedAt: number
}

export interface PageOfPosts {
  /** An id: only older posts. Default: from the newest. */
  readonly before?: string
  /** A user's id. Default: of all. */
  readonly author?: string
  readonly limit: number
}

export interface PostStore {
  /** `false`, and nothing filed, where the author's account is known to be gone. The name is taken where none is known yet. */
  add(post: NewPost): Promise<boolean>
  find(id: string, viewer: string): Promise<ViewedPost | undefined>
  /** Newest first, that is by their ids. */
  list(page: PageOfPosts, viewer: string): Promise<readonly ViewedPost[]>
  /** In one step, and only where it is this author's, if one is said. `false` where there is no such post. */
  edit(id: string, edit: Edit, author?: string): Promise<boolean>
  /** With all its votes, likewise. */
  remove(id: string, author?: string): Promise<boolean>
  /** Whoever is not known is not made known by it. A name from before the last one changes nothing. */
  rename(author: string, name: string, place: EventPlace): Promise<void>
  /**
   * Once it resolves, nobody has written this author's posts; no more are filed as soon as it has begun. Votes stay counted.
   * Where it rejects, some may be nobody's already: it is to be done again, and twice is once.
   */
  forget(author: string): Promise<void>
}
