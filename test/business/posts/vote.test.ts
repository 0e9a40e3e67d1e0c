import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { posts } from '../../../src/business/posts/register.ts'
import { callAt } from '../../kit/auth-calls.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { startTestBusiness } from '../../kit/servers.ts'
import { openContentBacking } from '../../storage/postgres/open-stores.ts'
import { startPosts } from './started-posts.ts'

const tally = (post: { likes: unknown; dislikes: unknown; my_vote: unknown }) => [
  post.likes,
  post.dislikes,
  post.my_vote,
]

describe('PUT and DELETE /posts/:id/vote', () => {
  it('count a vote, move it with a change of mind, and take it back', async (t) => {
    const { call, join, read, vote, write } = await startPosts(t)
    const [ann, bob] = [await join(), await join()]
    const post = await write(ann)
    const tallies: unknown[] = []

    for (const value of ['like', 'like', 'dislike', 'like'] as const) {
      const { status, body } = await vote(bob, post, value)
      assert.deepEqual([status, body], [202, { my_vote: value }])
      tallies.push(tally(await read(bob, post)))
    }
    for (let times = 0; times < 2; times++) {
      const { status, body } = await call('DELETE', `/posts/${post.id}/vote`, bob)
      assert.deepEqual([status, body], [202, { my_vote: null }])
      tallies.push(tally(await read(bob, post)))
    }

    assert.deepEqual(tallies, [
      [1, 0, 'like'],
      [1, 0, 'like'],
      [0, 1, 'dislike'],
      [1, 0, 'like'],
      [0, 0, null],
      [0, 0, null],
    ])
  })

  it('count each user once, and let an author vote on his own post', async (t) => {
    const { join, read, vote, write } = await startPosts(t)
    const [ann, bob, eve] = [await join(), await join(), await join()]
    const post = await write(ann)

    await Promise.all([
      vote(ann, post, 'like'),
      vote(bob, post, 'like'),
      vote(eve, post, 'dislike'),
    ])

    assert.deepEqual(tally(await read(ann, post)), [2, 1, 'like'])
    assert.deepEqual(tally(await read(eve, post)), [2, 1, 'dislike'])
  })

  it('are a 404 for a post that is not there', async (t) => {
    const { call, join, vote, write } = await startPosts(t)
    const member = await join()
    const post = await write(member)
    await call('DELETE', `/posts/${post.id}`, member)

    const refused = [
      await vote(member, post, 'like'),
      await call('DELETE', `/posts/${post.id}/vote`, member),
      await vote(member, { id: '%00' }, 'like'),
    ]

    for (const { status, body } of refused)
      assert.deepEqual([status, body.error], [404, 'not_found'])
  })

  it('take like and dislike, and nothing else', async (t) => {
    const { call, join, read, write } = await startPosts(t)
    const member = await join()
    const post = await write(member)

    for (const value of ['none', 'Like', '', 'like ', null, 1, true, ['like'], {}, undefined]) {
      const json = { value }
      const { status, body } = await call('PUT', `/posts/${post.id}/vote`, { ...member, json })
      assert.deepEqual([status, body.error], [400, 'invalid_request'], JSON.stringify(json))
    }

    assert.deepEqual(tally(await read(member, post)), [0, 0, null])
  })
})

describe('votes on Postgres, from outside', { skip: skipUnless('postgres') }, () => {
  it('of one user at the same moment count once, whichever business is asked', async (t) => {
    const { business } = await startProvisioned(t)
    const content = await openContentBacking(t, business)
    const { auth, call, join, read, url, vote, write } = await startPosts(t, { content })
    const other = await startTestBusiness(t, {
      authUrl: auth.url,
      capabilities: [posts],
      content: await openContentBacking(t, business),
    })
    const ann = await join()
    const post = await write(ann)

    const likes = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        callAt(`${index % 2 === 0 ? url : other.url}/posts/${post.id}/vote`, 'PUT', {
          token: ann.token,
          json: { value: 'like' },
        }),
      ),
    )

    assert.ok(likes.every(({ status }) => status === 202))
    assert.deepEqual(tally(await read(ann, post)), [1, 0, 'like'])
    await vote(ann, post, 'dislike')
    assert.deepEqual(tally(await read(ann, post)), [0, 1, 'dislike'])
    await call('DELETE', `/posts/${post.id}/vote`, ann)
    assert.deepEqual(tally(await read(ann, post)), [0, 0, null])
  })
})
