/** Two processes that follow one bookmark, of which one tells late what it has read. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AccountFollower } from '../../src/business/account-port.ts'
import { memoryBookmark } from '../../src/business/follow/memory.ts'
import { memoryPosts } from '../../src/business/posts/memory.ts'
import { setUpFollowing } from '../business/follow/following-kit.ts'
import { waitUntil } from '../kit/processes.ts'

const limit = { timeout: 20_000 }

describe('a name that is told late', () => {
  it(
    'gives way to a later one, where two follow one bookmark and one has stalled',
    limit,
    async (t) => {
      const { posts } = memoryPosts()
      const author = { id: 'ann', name: 'Before' }
      await posts.add({ id: 'p', title: 't', content: 'c', author, createdAt: 1 })
      const renamed = (name: string, number: number) =>
        ({ type: 'renamed', sub: 'ann', name, place: { epoch: 'a', number, at: 1 } }) as const
      const rename: AccountFollower = ({ sub, name = '', place }) => posts.rename(sub, name, place)
      let release = () => {}
      const stalled = new Promise<void>((resolve) => {
        release = resolve
      })
      const bookmark = memoryBookmark()
      let isDone = false
      const slow = setUpFollowing(t, {
        bookmark,
        follower: async (one) => {
          await stalled
          await rename(one)
          isDone = true
        },
      })
      await slow.begin()
      slow.tell(renamed('N1', 1))
      slow.start()
      await waitUntil(() => slow.told.length === 1)
      const quick = setUpFollowing(t, { bookmark, follower: rename })
      quick.tell(renamed('N1', 1), renamed('N2', 2))
      quick.start()
      await waitUntil(async () => (await bookmark.read()) === '2')

      release()
      await waitUntil(() => isDone)

      assert.equal((await posts.find('p', 'x'))?.author?.name, 'N2')
    },
  )
})
