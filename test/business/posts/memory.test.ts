import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryPosts } from '../../../src/business/posts/memory.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { openMemoryPosts } from './open-posts.ts'
import { postStoreContract } from './post-store-contract.ts'
import { addPost, addPosts, castVote, idsOf, newPost, stranger, tallyOf } from './posts-kit.ts'
import { voteStoreContract } from './vote-store-contract.ts'

postStoreContract('posts in memory', openMemoryPosts)
voteStoreContract('votes in memory', openMemoryPosts)

describe('posts in memory', () => {
  it('are no more than there is room for, until one is removed', async () => {
    const { posts } = memoryPosts({ maxPosts: 2 })
    const [first] = await addPosts(posts, 2)

    await assertUnavailable(posts.add(newPost()))

    assert.equal((await posts.list({ limit: 10 }, stranger)).length, 2)
    await posts.remove(first?.id ?? '')
    await addPost(posts)
  })

  it('have no longer texts together than there is room for', async () => {
    const { posts } = memoryPosts({ maxUnits: 20 })
    const { id } = await addPost(posts, { title: '12345', content: '1234567890' })

    await assertUnavailable(posts.add(newPost({ title: '123', content: '456' })))
    await assertUnavailable(posts.edit(id, { content: '1234567890123456', updatedAt: 1 }))
    const { content } = (await posts.find(id, stranger)) ?? {}
    await posts.edit(id, { content: '12345', updatedAt: 1 })
    const other = await addPost(posts, { title: '12345', content: '12345' })
    await posts.remove(id)
    await addPost(posts, { title: '12345', content: '12345' })

    assert.equal(content, '1234567890')
    assert.equal((await posts.find(other.id, stranger))?.content, '12345')
    await assertUnavailable(posts.add(newPost({ title: '1', content: '' })))
  })
})

describe('votes in memory', () => {
  it('are no more than there is room for, and can be changed where they are full', async () => {
    const opened = memoryPosts({ maxVotes: 2 })
    const [one, other] = idsOf(await addPosts(opened.posts, 2))
    const [post = '', elsewhere = ''] = [one, other]
    const like = castVote({ post })
    await opened.votes.fold([like, like, castVote({ post: elsewhere })])

    await assertUnavailable(
      opened.votes.fold([castVote({ post, user: like.user }), castVote({ post })]),
    )
    const refused = await tallyOf(opened, post)
    await opened.votes.fold([castVote({ post, user: like.user, vote: 'dislike' })])
    await opened.votes.fold([castVote({ post: 'not there' })])
    const changed = await tallyOf(opened, post)
    await opened.posts.remove(elsewhere)
    await opened.votes.fold([castVote({ post })])

    assert.deepEqual(refused, { likes: 1, dislikes: 0, vote: 'none' })
    assert.deepEqual(changed, { likes: 0, dislikes: 1, vote: 'none' })
    assert.deepEqual(await tallyOf(opened, post), { likes: 1, dislikes: 1, vote: 'none' })
  })
})
