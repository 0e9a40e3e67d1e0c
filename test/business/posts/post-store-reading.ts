/** What is found is what was filed, and pages are whole. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { hostileTexts } from '../../storage/contract.ts'
import {
  addPost,
  addPosts,
  idsOf,
  newPost,
  type OpenedPosts,
  type PostsCase,
  stranger,
  viewOf,
} from './posts-kit.ts'

const moreHostileTexts = [
  ['a backslash before a zero', 'a\\0b\\\\0\\'],
  ['a lone quote', `it's "so`],
  ['a script', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
] as const

export const readingCases: readonly PostsCase[] = [
  {
    sentence: 'has no post at first',
    run: async ({ posts }) => {
      assert.equal(await posts.find(randomUUID(), stranger), undefined)
      assert.deepEqual(await posts.list({ limit: 10 }, stranger), [])
    },
  },
  {
    sentence: 'finds a post whole, without a vote',
    run: async ({ posts }) => {
      const post = await addPost(posts)

      assert.deepEqual(await posts.find(post.id, stranger), viewOf(post))
      assert.deepEqual(await posts.list({ limit: 10 }, stranger), [viewOf(post)])
    },
  },
  {
    sentence: 'finds a post whose author has no name',
    run: async ({ posts }) => {
      const post = await addPost(posts, { author: { id: randomUUID(), name: undefined } })

      assert.deepEqual(await posts.find(post.id, stranger), viewOf(post))
    },
  },
  ...[...hostileTexts, ...moreHostileTexts].map(([what, text]) => ({
    sentence: `keeps texts that have ${what} in them`,
    run: async ({ posts }: OpenedPosts) => {
      const author = { id: text, name: text }
      const post = await addPost(posts, { title: text, content: text, author })
      await addPost(posts)

      const found = await posts.find(post.id, text)
      const listed = await posts.list({ author: text, limit: 10 }, text)

      assert.deepEqual(found, viewOf(post))
      assert.deepEqual(listed, [viewOf(post)])
      assert.equal(await posts.find(text, stranger), undefined)
    },
  })),
  {
    sentence: 'copies in and out',
    run: async ({ posts }) => {
      const post = newPost({ author: { id: randomUUID(), name: 'A Name' } })
      const filed = viewOf({ ...post, author: { ...post.author } })
      await posts.add(post)

      Object.assign(post, { title: 'forged' })
      Object.assign(post.author, { id: 'forged', name: 'forged' })
      for (const one of await posts.list({ limit: 1 }, stranger)) {
        Object.assign(one, { title: 'forged', likes: 7 })
        Object.assign(one.author ?? {}, { id: 'forged', name: 'forged' })
      }

      assert.deepEqual(await posts.find(filed.id, stranger), filed)
    },
  },
  {
    sentence: 'lists the newest first, each on one page',
    run: async ({ posts }) => {
      const added = idsOf(await addPosts(posts, 5)).reverse()

      assert.deepEqual(await pagesOf({ posts }, {}), [
        added.slice(0, 2),
        added.slice(2, 4),
        added.slice(4),
      ])
    },
  },
  {
    sentence: 'neither skips nor repeats a post while others are added and removed',
    run: async ({ posts }) => {
      const added = idsOf(await addPosts(posts, 6)).reverse()
      const [, last = ''] = added

      const pages = await pagesOf({ posts }, {}, async () => {
        await addPosts(posts, 3)
        await posts.remove(last)
      })

      assert.deepEqual(pages.flat(), added)
    },
  },
  {
    sentence: 'goes on behind a post that is there no more',
    run: async ({ posts }) => {
      const [oldest, middle, newest] = idsOf(await addPosts(posts, 3))
      await posts.remove(String(middle))

      const page = await posts.list({ before: String(middle), limit: 10 }, stranger)

      assert.deepEqual(idsOf(page), [oldest])
      assert.deepEqual(idsOf(await posts.list({ limit: 10 }, stranger)), [newest, oldest])
    },
  },
  {
    sentence: 'lists in the order of ids, in whichever order posts are filed',
    run: async ({ posts }) => {
      const made = [newPost(), newPost(), newPost()]
      for (const at of [1, 2, 0]) await addPost(posts, made[at])

      assert.deepEqual(idsOf(await posts.list({ limit: 10 }, stranger)), idsOf(made.toReversed()))
    },
  },
  {
    sentence: 'lists the posts of one author alone, each on one page',
    run: async ({ posts }) => {
      const author = { id: randomUUID(), name: 'A Name' }
      const own: string[] = []
      for (let count = 0; count < 5; count++) {
        own.unshift((await addPost(posts, { author })).id)
        await addPost(posts)
      }

      const pages = await pagesOf({ posts }, { author: author.id }, () => addPosts(posts, 1))

      assert.deepEqual(pages, [own.slice(0, 2), own.slice(2, 4), own.slice(4)])
      assert.deepEqual(await posts.list({ author: stranger, limit: 10 }, stranger), [])
    },
  },
]

/** The ids on all pages of two, each behind the last of the one before. `meanwhile` is done before each but the first. */
async function pagesOf(
  { posts }: Pick<OpenedPosts, 'posts'>,
  asked: { readonly author?: string },
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<string[][]> {
  const pages: string[][] = []
  let page = idsOf(await posts.list({ ...asked, limit: 2 }, stranger))
  while (page.length > 0 && pages.length < 20) {
    pages.push(page)
    await meanwhile()
    const before = page.at(-1) ?? ''
    page = idsOf(await posts.list({ ...asked, before, limit: 2 }, stranger))
  }
  return pages
}
