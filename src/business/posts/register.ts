/** Posts, and what users think of them. */
import { route } from '../../http/router.ts'
import type { AccountFollower } from '../account-port.ts'
import { businessCapability } from '../capability.ts'
import { openPosts } from './open-posts.ts'
import type { PostStore } from './post-store.ts'
import { listPosts, showPost } from './read-posts.ts'
import { castVote, takeBackVote } from './vote.ts'
import { createBallot, createVoteTopic } from './vote-topic.ts'
import { createPost, deletePost, editPost } from './write-posts.ts'

export const posts = businessCapability({
  name: 'posts',
  migrations: new URL('migrations/', import.meta.url),
  check({ core, programs }, problems) {
    const isLost = core.APP_ENV === 'production' && core.CONTENT_STORE?.kind === 'memory'
    if (!isLost || !programs.includes('business')) return
    const sentence =
      'CONTENT_STORE must not be memory: in production, where posts would end with their process.'
    problems.add(sentence, 'CONTENT_STORE')
  },
  async register(core) {
    const { posts, votes } = await openPosts(core.content)
    const topic = createVoteTopic(votes)
    const dependencies = { ...core, posts, ballot: createBallot(topic, core) }
    return {
      routes: [
        route('/posts', { GET: listPosts(dependencies), POST: createPost(dependencies) }),
        route('/posts/:id', {
          GET: showPost(dependencies),
          PATCH: editPost(dependencies),
          DELETE: deletePost(dependencies),
        }),
        route('/posts/:id/vote', {
          PUT: castVote(dependencies),
          DELETE: takeBackVote(dependencies),
        }),
      ],
      topics: [topic],
      accountFollower: followAccounts(posts),
      likes: votes,
    }
  },
})

/** A deleted account has written nothing any more; others see the name that an account has now. */
function followAccounts(posts: PostStore): AccountFollower {
  return async ({ type, sub, name, place }) => {
    if (type === 'deleted') await posts.forget(sub)
    if (type === 'renamed' && name !== undefined) await posts.rename(sub, name, place)
  }
}
