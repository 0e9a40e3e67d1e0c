import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryBookmark } from '../../../src/business/follow/memory.ts'
import { waitUntil } from '../../kit/processes.ts'
import { event, setUpFollowing } from './following-kit.ts'

const limit = { timeout: 20_000 }
const troubled = 'account events are not followed for the moment'
const well = 'account events are followed again'
const missed = 'account events were missed: auth no longer has those behind the bookmark'

describe('who follows accounts', () => {
  it('begins at the end of the feed', limit, async (t) => {
    const { begin, start, tell, told, bookmark } = setUpFollowing(t)
    tell(event('before'))

    await begin()
    tell(event('after'))
    start()

    await waitUntil(async () => (await bookmark.read()) === '2')
    assert.deepEqual(told, ['after'])
  })

  it('goes on where the bookmark is', limit, async (t) => {
    const bookmark = memoryBookmark()
    await bookmark.move(undefined, '1')
    const { begin, start, tell, told } = setUpFollowing(t, { bookmark })
    tell(event('one'), event('two'), event('three'))

    await begin()
    start()

    await waitUntil(async () => (await bookmark.read()) === '3')
    assert.deepEqual(told, ['two', 'three'])
  })

  it(
    'is told one event after the other, and the bookmark moves once the last is done',
    limit,
    async (t) => {
      const release: (() => void)[] = []
      const follower = () => new Promise<void>((resolve) => void release.push(resolve))
      const { begin, start, tell, told, bookmark } = setUpFollowing(t, { follower })
      await begin()
      start()

      tell(event('one'), event('two'))
      await waitUntil(() => release.length === 1)
      const first = [...told]
      release[0]?.()
      await waitUntil(() => release.length === 2)
      const before = await bookmark.read()
      release[1]?.()
      await waitUntil(async () => (await bookmark.read()) === '2')

      assert.deepEqual([first, before, told], [['one'], '0', ['one', 'two']])
    },
  )

  it(
    'is told again what it could not do, later and later, and the log hears of it once',
    limit,
    async (t) => {
      let failures = 3
      const follower = async () => {
        if (failures-- > 0) throw new Error('the store is away')
      }
      const { begin, start, tell, told, bookmark, clock, log } = setUpFollowing(t, { follower })
      await begin()
      start()

      tell(event('one'))
      for (const [tries, milliseconds] of [500, 1_000, 2_000].entries()) {
        await waitUntil(() => told.length === tries + 1 && clock.pending() === 1)
        clock.advance(milliseconds - 1)
        assert.equal(clock.pending(), 1)
        clock.advance(1)
      }

      await waitUntil(async () => (await bookmark.read()) === '1')
      assert.deepEqual(told, ['one', 'one', 'one', 'one'])
      assert.deepEqual([log.find(troubled).length, log.find(well).length], [1, 1])
    },
  )

  it('leaves a bookmark where another process has moved it', limit, async (t) => {
    const bookmark = memoryBookmark()
    const { begin, start, tell, told } = setUpFollowing(t, {
      bookmark,
      follower: async ({ sub }) => {
        if (sub === 'one') await bookmark.move('0', '2') // the other has told both
      },
    })
    await begin()
    tell(event('one'))
    start()
    await waitUntil(() => told.length === 1)

    assert.equal(await bookmark.read(), '2')
  })

  it(
    'begins at the end again where the feed has forgotten, and tells the log',
    limit,
    async (t) => {
      const { begin, start, tell, forget, told, bookmark, log, clock } = setUpFollowing(t)
      await begin()
      tell(event('one'), event('two'))
      forget()

      start()
      await waitUntil(async () => (await bookmark.read()) === '2')
      await waitUntil(() => clock.pending() === 1)
      clock.advance(100)
      tell(event('three'))

      await waitUntil(async () => (await bookmark.read()) === '3')
      assert.deepEqual(told, ['three'])
      assert.deepEqual(
        log.find(missed).map(({ level }) => level),
        ['error'],
      )
    },
  )

  it('begins when auth can be asked, where it could not at first', limit, async (t) => {
    const { begin, start, failures, bookmark, clock } = setUpFollowing(t)
    failures.push(new Error('auth is away'), new Error('auth is still away'))

    await begin()
    const before = await bookmark.read()
    start()
    await waitUntil(() => clock.pending() === 1)
    clock.advance(500)

    await waitUntil(async () => (await bookmark.read()) === '0')
    assert.equal(before, undefined)
  })

  it('stops at once while it waits for events, and while it pauses', limit, async (t) => {
    const waiting = setUpFollowing(t)
    await waiting.begin()
    const stopWaiting = waiting.start()
    await waitUntil(() => waiting.asked.length === 1)
    const pausing = setUpFollowing(t)
    pausing.failures.push(new Error('auth is away'))
    const stopPausing = pausing.start()
    await waitUntil(() => pausing.clock.pending() === 1)

    await Promise.all([stopWaiting(), stopPausing()])

    assert.equal(pausing.clock.pending(), 0)
    assert.deepEqual(waiting.log.find(troubled), [])
  })

  it('is told no more events once it was stopped, and the bookmark stays', limit, async (t) => {
    let release = () => {}
    const follower = () =>
      new Promise<void>((resolve) => {
        release = resolve
      })
    const { begin, start, tell, told, bookmark } = setUpFollowing(t, { follower })
    await begin()
    const stop = start()
    tell(event('one'), event('two'))
    await waitUntil(() => told.length === 1)

    const stopped = stop()
    release()
    await stopped

    assert.deepEqual(told, ['one'])
    assert.equal(await bookmark.read(), '0')
  })
})
