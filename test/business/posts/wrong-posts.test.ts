import { describe } from 'node:test'
import { memoryPosts } from '../../../src/business/posts/memory.ts'
import type { NewPost, PostStore, ViewedPost } from '../../../src/business/posts/post-store.ts'
import { type Flaw, itNotices } from '../../storage/wrong-store.ts'
import { postStoreCases } from './post-store-contract.ts'
import type { OpenedPosts } from './posts-kit.ts'
import { placeAt } from './posts-kit.ts'

type Spoil = (right: PostStore) => Partial<PostStore>

function flaw(what: string, isCaughtBy: string, spoil: Spoil): Flaw<OpenedPosts> {
  const open = async () => {
    const { posts, votes } = memoryPosts()
    return { posts: { ...posts, ...spoil(posts) }, votes }
  }
  return { what, isCaughtBy, open }
}

/** Whatever it answers with, it changes. */
const changing = (change: (post: ViewedPost) => ViewedPost) => (right: PostStore) => ({
  find: async (id: string, viewer: string) => {
    const found = await right.find(id, viewer)
    return found && change(found)
  },
  list: async (page: Parameters<PostStore['list']>[0], viewer: string) =>
    (await right.list(page, viewer)).map(change),
})

/** `forget` leaves something. */
const forgottenPosts: Spoil = (right) => {
  const authors = new Map<string, NewPost['author']>()
  return {
    add: async (post) => {
      const isAdded = await right.add(post)
      authors.set(post.id, post.author)
      return isAdded
    },
    ...changing((post) => ({ ...post, author: post.author ?? authors.get(post.id) }))(right),
  }
}

const flaws = [
  flaw('cuts texts at a NUL', 'keeps texts that have a NUL in them', (right) => ({
    add: (post) => right.add({ ...post, title: post.title.replace(/\0.*/s, '') }),
  })),
  flaw(
    'takes a backslash for the beginning of something',
    'keeps texts that have a backslash before a zero in them',
    changing((post) => ({ ...post, content: post.content.replaceAll('\\0', '\0') })),
  ),
  flaw(
    'takes scripts out of texts',
    'keeps texts that have a script in them',
    changing((post) => ({ ...post, content: post.content.replaceAll(/<[^>]*>/g, '') })),
  ),
  flaw('normalises texts', 'keeps texts that have decomposed characters in them', (right) => ({
    add: (post) => right.add({ ...post, title: post.title.normalize() }),
  })),
  flaw('answers with its own records', 'copies in and out', (right) => {
    const own = new Map<string, ViewedPost>()
    const find: PostStore['find'] = async (id, viewer) => {
      const found = own.get(id) ?? (await right.find(id, viewer))
      if (found !== undefined) own.set(id, found)
      return found
    }
    const list: PostStore['list'] = async (page, viewer) => {
      const found = await right.list(page, viewer)
      return await Promise.all(found.map(async (one) => (await find(one.id, viewer)) ?? one))
    }
    return { find, list }
  }),
  flaw('lists the oldest first', 'lists the newest first, each on one page', (right) => ({
    list: async (page, viewer) => (await right.list(page, viewer)).toReversed(),
  })),
  flaw('repeats the last post of a page', 'lists the newest first, each on one page', (right) => ({
    list: async (page, viewer) => {
      const { before } = page
      return await right.list(
        before === undefined ? page : { ...page, before: `${before}~` },
        viewer,
      )
    },
  })),
  flaw(
    'gives one more than was asked for',
    'lists the newest first, each on one page',
    (right) => ({
      list: (page, viewer) => right.list({ ...page, limit: page.limit + 1 }, viewer),
    }),
  ),
  flaw(
    'counts pages from the newest post',
    'neither skips nor repeats a post while others are added and removed',
    (right) => {
      let shown = 0
      return {
        list: async ({ before, limit, ...page }, viewer) => {
          if (before === undefined) shown = 0
          const all = await right.list({ ...page, limit: 1_000 }, viewer)
          shown += limit
          return all.slice(shown - limit, shown)
        },
      }
    },
  ),
  flaw(
    'begins anew where the last post of a page is gone',
    'goes on behind a post that is there no more',
    (right) => ({
      list: async (page, viewer) => {
        const { before, ...anew } = page
        const isThere = before === undefined || (await right.find(before, viewer)) !== undefined
        return await right.list(isThere ? page : anew, viewer)
      },
    }),
  ),
  flaw(
    'lists in the order in which posts were filed',
    'lists in the order of ids, in whichever order posts are filed',
    (right) => {
      const filed: string[] = []
      return {
        add: (post) => {
          filed.unshift(post.id)
          return right.add(post)
        },
        list: async (page, viewer) =>
          (await right.list(page, viewer)).toSorted(
            (one, other) => filed.indexOf(one.id) - filed.indexOf(other.id),
          ),
      }
    },
  ),
  flaw(
    'picks the posts of an author from the page of all',
    'lists the posts of one author alone, each on one page',
    (right) => ({
      list: async ({ author, ...page }, viewer) =>
        (await right.list(page, viewer)).filter(
          (post) => author === undefined || post.author?.id === author,
        ),
    }),
  ),
  flaw('empties what an edit leaves out', 'edits what is said, and leaves the rest', (right) => ({
    edit: (id, edit, author) => right.edit(id, { title: '', content: '', ...edit }, author),
  })),
  flaw(
    'says that it edits what is not there',
    'edits and removes nothing that is not there',
    (right) => ({
      edit: async (id, edit, author) => {
        await right.edit(id, edit, author)
        return true
      },
    }),
  ),
  flaw('edits for anybody', 'edits a post only as the author that is said', (right) => ({
    edit: (id, edit) => right.edit(id, edit),
  })),
  flaw('removes for anybody', 'removes a post only as the author that is said', (right) => ({
    remove: (id) => right.remove(id),
  })),
  flaw(
    'takes the name of each post',
    'shows the first name that it hears, and then the one that an author has now',
    (right) => ({
      add: async (post) => {
        const isAdded = await right.add(post)
        if (post.author.name !== undefined)
          await right.rename(post.author.id, post.author.name, placeAt(1, post.id))
        return isAdded
      },
    }),
  ),
  flaw(
    'takes each name for the last',
    'keeps the later of two names, whichever is told last',
    (right) => {
      let told = 0
      return {
        rename: (author, name, place) =>
          right.rename(author, name, { ...place, number: 100, epoch: String(told++), at: 9 }),
      }
    },
  ),
  flaw(
    'remembers everybody who gets a new name',
    'does not come to know who has written nothing by a new name',
    (right) => {
      const names = new Map<string, string>()
      return {
        rename: async (author, name, place) => {
          names.set(author, name)
          await right.rename(author, name, place)
        },
        add: (post) => {
          const { id, name } = post.author
          return right.add({ ...post, author: { id, name: names.get(id) ?? name } })
        },
      }
    },
  ),
  flaw(
    'leaves who has written',
    'forgets who has written, and leaves what is written',
    forgottenPosts,
  ),
  flaw(
    'removes what was written',
    'forgets who has written, and leaves what is written',
    (right) => ({
      forget: async (author) => {
        for (const { id } of await right.list({ author, limit: 1_000 }, '')) await right.remove(id)
        await right.forget(author)
      },
    }),
  ),
  flaw(
    'forgets the first posts of an author',
    'forgets an author of more posts than a statement changes',
    (right) => {
      const left = new Map<string, NewPost['author']>()
      return {
        forget: async (author) => {
          const all = await right.list({ author, limit: 10_000 }, '')
          for (const post of all.slice(1_000)) left.set(post.id, { id: author, name: undefined })
          await right.forget(author)
        },
        ...changing((post) => ({ ...post, author: post.author ?? left.get(post.id) }))(right),
      }
    },
  ),
  flaw(
    'takes nobody for anybody',
    'lets nobody change the post of a forgotten author as that author',
    (right) => ({
      edit: async (id, edit, author) => {
        const { author: found } = (await right.find(id, '')) ?? {}
        return await (found === undefined ? right.edit(id, edit) : right.edit(id, edit, author))
      },
    }),
  ),
  flaw(
    'has no tombstone',
    'files no post of a forgotten author, known before or not, renamed or not',
    (right) => ({
      add: async (post) => {
        const isAdded = await right.add(post)
        const reborn = { ...post, author: { ...post.author, id: `again ${post.author.id}` } }
        return isAdded || (await right.add(reborn))
      },
    }),
  ),
  flaw(
    'brings a forgotten author back by a new name',
    'files no post of a forgotten author, known before or not, renamed or not',
    (right) => {
      const back = new Set<string>()
      return {
        rename: async (author, name, place) => {
          back.add(author)
          await right.rename(author, name, place)
        },
        add: async (post) => {
          const { id, name } = post.author
          return await right.add(back.has(id) ? { ...post, author: { id: `${id}!`, name } } : post)
        },
      }
    },
  ),
  flaw(
    'takes the votes of a forgotten author out of the counts',
    'keeps the votes of a forgotten author counted, and those for his posts',
    changing((post) => (post.author === undefined ? { ...post, likes: 0 } : post)),
  ),
]

describe('the contract of posts', () => {
  for (const one of flaws) itNotices(one, postStoreCases)
})
