import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryPosts } from '../../../src/business/posts/memory.ts'
import { editPost } from '../../../src/business/posts/write-posts.ts'
import { route } from '../../../src/http/router.ts'
import { manualClock } from '../../kit/clock.ts'
import { serveRoutes } from '../../kit/servers.ts'
import { addPost } from './posts-kit.ts'

describe('an edit of a post', () => {
  it('is not made where its answer would fail', async (t) => {
    const { posts } = memoryPosts()
    const { id, author, title } = await addPost(posts)
    const caller = { id: author.id, name: author.name, scopes: new Set<string>() }
    const fault = async () => {
      throw new Error('a fault')
    }
    const PATCH = editPost({
      posts,
      checkCaller: async () => caller,
      ballot: { cast: fault, withOwnVotes: fault },
      clock: manualClock(),
    })
    const { url } = await serveRoutes(t, [route('/posts/:id', { PATCH })])

    const { status } = await fetch(`${url}/posts/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'another' }),
    })

    assert.equal(status, 500)
    assert.equal((await posts.find(id, author.id))?.title, title)
  })
})
