/** Posts and votes where content is: the adapter for Postgres is loaded only where that is in use. */
import type { ContentBacking } from '../../storage/backing.ts'
import type { PostStore } from './post-store.ts'
import type { VoteStore } from './vote-store.ts'

export interface OpenedPosts {
  readonly posts: PostStore
  readonly votes: VoteStore
}

export async function openPosts(content: ContentBacking): Promise<OpenedPosts> {
  if (content.kind === 'memory') {
    const { memoryPosts } = await import('./memory.ts')
    return memoryPosts()
  }
  const { postgresPosts, postgresVotes } = await import('./postgres.ts')
  return { posts: postgresPosts(content), votes: postgresVotes(content) }
}
