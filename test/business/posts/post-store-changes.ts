/** Who may change a post, and what becomes of those whose author is gone. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import {
  addPost,
  addPosts,
  castVote,
  idsOf,
  newPost,
  type PostsCase,
  placeAt,
  stranger,
  tallyOf,
  viewOf,
} from './posts-kit.ts'

export const changingCases: readonly PostsCase[] = [
  {
    sentence: 'edits what is said, and leaves the rest',
    run: async ({ posts }) => {
      const post = await addPost(posts)
      const other = await addPost(posts)
      const updatedAt = post.createdAt + 1

      const isEdited = await posts.edit(post.id, { title: "'; NUL \0 \\", updatedAt })
      const once = await posts.find(post.id, stranger)
      await posts.edit(post.id, { content: 'Another.', updatedAt: updatedAt + 1 })

      assert.equal(isEdited, true)
      assert.deepEqual(once, { ...viewOf(post), title: "'; NUL \0 \\", updatedAt })
      assert.deepEqual(await posts.find(post.id, stranger), {
        ...once,
        content: 'Another.',
        updatedAt: updatedAt + 1,
      })
      assert.deepEqual(await posts.find(other.id, stranger), viewOf(other))
    },
  },
  {
    sentence: 'edits and removes nothing that is not there',
    run: async ({ posts }) => {
      const post = await addPost(posts)

      const done = [
        await posts.edit(randomUUID(), { title: 'x', updatedAt: 1 }),
        await posts.remove(randomUUID()),
        await posts.remove(post.id),
        await posts.remove(post.id),
        await posts.edit(post.id, { title: 'x', updatedAt: 1 }),
      ]

      assert.deepEqual(done, [false, false, true, false, false])
      assert.equal(await posts.find(post.id, stranger), undefined)
      assert.deepEqual(await posts.list({ limit: 10 }, stranger), [])
    },
  },
  {
    sentence: 'edits a post only as the author that is said',
    run: async ({ posts }) => {
      const post = await addPost(posts)
      const edit = { title: 'Edited', updatedAt: post.createdAt + 1 }

      const byOther = await posts.edit(post.id, edit, stranger)
      const found = await posts.find(post.id, stranger)
      const byAuthor = await posts.edit(post.id, edit, post.author.id)

      assert.deepEqual([byOther, byAuthor], [false, true])
      assert.deepEqual(found, viewOf(post))
      assert.equal((await posts.find(post.id, stranger))?.title, 'Edited')
    },
  },
  {
    sentence: 'removes a post only as the author that is said',
    run: async ({ posts }) => {
      const post = await addPost(posts)

      const byOther = await posts.remove(post.id, stranger)
      const found = await posts.find(post.id, stranger)
      const byAuthor = await posts.remove(post.id, post.author.id)

      assert.deepEqual([byOther, byAuthor], [false, true])
      assert.deepEqual(found, viewOf(post))
      assert.equal(await posts.find(post.id, stranger), undefined)
    },
  },
]

export const authorCases: readonly PostsCase[] = [
  {
    sentence: 'shows the first name that it hears, and then the one that an author has now',
    run: async ({ posts }) => {
      const id = randomUUID()
      const nameless = await addPost(posts, { author: { id, name: undefined } })
      await addPost(posts, { author: { id, name: 'First' } })
      await addPost(posts, { author: { id, name: 'Second' } })
      const first = await posts.find(nameless.id, stranger)

      await posts.rename(id, 'Third \0 \\', placeAt(1))

      const listed = await posts.list({ author: id, limit: 10 }, stranger)
      assert.equal(first?.author?.name, 'First')
      assert.deepEqual(
        listed.map(({ author }) => author),
        Array.from({ length: 3 }, () => ({ id, name: 'Third \0 \\' })),
      )
    },
  },
  {
    sentence: 'keeps the later of two names, whichever is told last',
    run: async ({ posts }) => {
      const post = await addPost(posts)
      const told: [string, ReturnType<typeof placeAt>][] = [
        ['Second', placeAt(10)],
        ['First', placeAt(9, 'first', 2)],
        ['Third', placeAt(1, 'other', 3)],
        ['Second', placeAt(10)],
      ]
      const names: (string | undefined)[] = []
      for (const [name, place] of told) {
        await posts.rename(post.author.id, name, place)
        names.push((await posts.find(post.id, stranger))?.author?.name)
      }
      assert.deepEqual(names, ['Second', 'Second', 'Third', 'Third'])
    },
  },
  {
    sentence: 'does not come to know who has written nothing by a new name',
    run: async ({ posts }) => {
      const id = randomUUID()

      await posts.rename(id, 'Renamed', placeAt(1))

      const post = await addPost(posts, { author: { id, name: 'A Name' } })
      assert.equal((await posts.find(post.id, stranger))?.author?.name, 'A Name')
    },
  },
  {
    sentence: 'forgets who has written, and leaves what is written',
    run: async ({ posts }) => {
      const author = { id: randomUUID(), name: 'A Name' }
      const own = await addPosts(posts, 2, { author })
      const other = await addPost(posts)

      await posts.forget(author.id)

      const expected = [viewOf(other), ...own.map(viewOf).reverse()]
      assert.deepEqual(await posts.list({ limit: 10 }, stranger), [
        expected[0],
        ...expected.slice(1).map((post) => ({ ...post, author: undefined })),
      ])
      assert.deepEqual(await posts.list({ author: author.id, limit: 10 }, stranger), [])
    },
  },
  {
    sentence: 'forgets an author of more posts than a statement changes',
    run: async ({ posts }) => {
      const author = { id: randomUUID(), name: 'A Name' }
      const added = Array.from({ length: 1_001 }, () => newPost({ author }))
      for (const hundred of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
        await Promise.all(
          added.slice(hundred * 100, hundred * 100 + 100).map((post) => posts.add(post)),
        )

      await posts.forget(author.id)

      assert.deepEqual(await posts.list({ author: author.id, limit: 10 }, stranger), [])
      for (const { id } of [added[0], added[1_000]].filter((one) => one !== undefined))
        assert.equal((await posts.find(id, stranger))?.author, undefined)
    },
  },
  {
    sentence: 'lets nobody change the post of a forgotten author as that author',
    run: async ({ posts }) => {
      const { id, author } = await addPost(posts)
      await posts.forget(author.id)

      const edit = { title: 'Edited', updatedAt: 1 }
      const done = [await posts.edit(id, edit, author.id), await posts.remove(id, author.id)]

      assert.deepEqual(done, [false, false])
      assert.deepEqual([await posts.edit(id, edit), await posts.remove(id)], [true, true])
    },
  },
  {
    sentence: 'files no post of a forgotten author, known before or not, renamed or not',
    run: async ({ posts }) => {
      const { author } = await addPost(posts)
      for (const id of [author.id, stranger]) {
        await posts.forget(id)
        await posts.forget(id)
        await posts.rename(id, 'Back Again', placeAt(1))
      }

      const done = [
        await posts.add(newPost({ author })),
        await posts.add(newPost({ author: { id: stranger, name: 'A Name' } })),
      ]

      assert.deepEqual(done, [false, false])
      const listed = await posts.list({ limit: 10 }, stranger)
      assert.deepEqual(
        listed.map((post) => post.author),
        [undefined],
      )
    },
  },
  {
    sentence: 'leaves no post of an author behind who is forgotten while he writes',
    run: async ({ posts }) => {
      const author = { id: randomUUID(), name: 'A Name' }
      const added = Array.from({ length: 20 }, () => newPost({ author }))

      const [first, ...others] = added.map((post) => posts.add(post))
      await first
      await Promise.all([posts.forget(author.id), ...others])

      const listed = await posts.list({ limit: 100 }, stranger)
      assert.deepEqual(await posts.list({ author: author.id, limit: 100 }, stranger), [])
      assert.ok(listed.every((post) => post.author === undefined))
      assert.equal(await posts.add(newPost({ author })), false)
    },
  },
  {
    sentence: 'keeps the votes of a forgotten author counted, and those for his posts',
    run: async (opened) => {
      const { posts, votes } = opened
      const { id, author } = await addPost(opened.posts)
      const other = await addPost(posts)
      await votes.fold([
        castVote({ post: id }),
        castVote({ post: other.id, user: author.id, vote: 'dislike' }),
      ])

      await posts.forget(author.id)

      assert.deepEqual(await tallyOf(opened, id), { likes: 1, dislikes: 0, vote: 'none' })
      assert.deepEqual(await tallyOf(opened, other.id), { likes: 0, dislikes: 1, vote: 'none' })
      assert.equal(idsOf(await posts.list({ limit: 10 }, stranger)).length, 2)
    },
  },
]
