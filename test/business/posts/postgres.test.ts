import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openPosts } from '../../../src/business/posts/open-posts.ts'
import { connectClient } from '../../kit/database-client.ts'
import { skipUnless } from '../../kit/installed.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { openContentBacking } from '../../storage/postgres/open-stores.ts'
import { sharePosts } from './open-posts.ts'
import { postStoreContract } from './post-store-contract.ts'
import { addPost, castVote, newPost, stranger } from './posts-kit.ts'
import { voteStoreContract } from './vote-store-contract.ts'

/** SQLSTATE of a right that is missing. */
const insufficientPrivilege = '42501'

describe('on one Postgres', { skip: skipUnless('postgres') }, () => {
  const { server, open } = sharePosts()

  postStoreContract('posts in Postgres', open)
  voteStoreContract('votes in Postgres', open)

  it('answers a fault as a fault', async (t) => {
    const backing = await openContentBacking(t, server().business)
    const { posts, votes } = await openPosts(backing)

    await backing.database.close()

    await assertUnavailable(posts.add(newPost()))
    await assertUnavailable(posts.find('x', stranger))
    await assertUnavailable(posts.list({ limit: 1 }, stranger))
    await assertUnavailable(posts.edit('x', { updatedAt: 1 }))
    await assertUnavailable(posts.remove('x'))
    await assertUnavailable(posts.rename('x', 'y', { epoch: 'a', number: 1, at: 1 }))
    await assertUnavailable(posts.forget('x'))
    await assertUnavailable(votes.fold([castVote({ post: 'x' })]))
    await assertUnavailable(votes.likesPerDay({ from: '2024-01-01', to: '2024-01-02' }))
  })

  it('lets business delete no vote by itself, and forget no author that it knew', async (t) => {
    const { posts, votes } = await open(t)
    const { id: post } = await addPost(posts)
    await votes.fold([castVote({ post })])
    const { ask } = await connectClient(t, server().business)

    for (const statement of [
      'delete from business.votes',
      'delete from business.authors',
      'truncate business.posts cascade',
      'truncate business.votes',
    ])
      await assert.rejects(ask(statement), { code: insufficientPrivilege }, statement)
  })

  it('lets auth see nothing of posts, authors and votes', async (t) => {
    const { ask } = await connectClient(t, server().auth)

    for (const table of ['posts', 'authors', 'votes'])
      await assert.rejects(ask(`select * from business.${table}`), { code: insufficientPrivilege })
  })
})
