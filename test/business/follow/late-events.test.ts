/** Two processes that follow one bookmark, of which one tells late what it has read. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AccountFollower } from '../../../src/business/account-port.ts'
import { memoryBookmark } from '../../../src/business/follow/memory.ts'
import { waitUntil } from '../../kit/processes.ts'
import { setUpFollowing } from './following-kit.ts'

const limit = { timeout: 20_000 }

describe('an event that is told late', () => {
  it('brings its place in the feed, so that who keeps the later one keeps it', limit, async (t) => {
    let kept = { name: 'Before', number: 0 }
    const renamed = (name: string, number: number) =>
      ({ type: 'renamed', sub: 'ann', name, place: { epoch: 'a', number, at: 1 } }) as const
    const rename: AccountFollower = async ({ name = '', place: { number } }) => {
      if (number > kept.number) kept = { name, number }
    }
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

    assert.deepEqual(kept, { name: 'N2', number: 2 })
  })
})
