/** Following with parts that a test sees and moves: a feed on a script, a clock that stands still. */
import type { TestContext } from 'node:test'
import type { AccountEvent, AccountFollower } from '../../../src/business/account-port.ts'
import type { AccountFeed, FeedPage } from '../../../src/business/follow/account-feed.ts'
import { createFollowing } from '../../../src/business/follow/follow-accounts.ts'
import { memoryBookmark } from '../../../src/business/follow/memory.ts'
import { manualClock } from '../../kit/clock.ts'
import { countedClock } from '../../kit/counted-clock.ts'
import { recordedLog } from '../../kit/log.ts'

export function event(sub: string): AccountEvent {
  return { type: 'deleted', sub, name: undefined, place: { epoch: 'a', number: 1, at: 1 } }
}

/** Tells what is given to it; its cursors are numbers. What was taken off its beginning is gone. */
export function fakeFeed() {
  const events: AccountEvent[] = []
  let first = 0
  let wake = () => {}
  let isClosed = false
  const asked: string[] = []
  const failures: Error[] = []
  const feed: AccountFeed = {
    async end() {
      throwFirst(failures)
      return String(events.length)
    },
    async after(cursor): Promise<FeedPage | undefined> {
      asked.push(cursor)
      throwFirst(failures)
      if (Number(cursor) < first) return undefined
      if (Number(cursor) === events.length && !isClosed)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      if (isClosed) throw new Error('it is closed')
      return { events: events.slice(Number(cursor)), next: String(events.length) }
    },
    async close() {
      isClosed = true
      wake()
    },
  }
  return {
    feed,
    asked,
    failures,
    tell: (...some: readonly AccountEvent[]) => {
      events.push(...some)
      wake()
    },
    forget: () => {
      first = events.length
    },
  }
}

function throwFirst(failures: Error[]): void {
  const failure = failures.shift()
  if (failure !== undefined) throw failure
}

export interface FollowingOptions {
  readonly follower?: AccountFollower
  readonly source?: ReturnType<typeof fakeFeed>
  readonly bookmark?: ReturnType<typeof memoryBookmark>
}

export function setUpFollowing(t: TestContext, options: FollowingOptions = {}) {
  const { source = fakeFeed(), bookmark = memoryBookmark(), follower = async () => {} } = options
  const clock = countedClock(manualClock())
  const log = recordedLog()
  const told: string[] = []
  const followers = () => [
    async (one: AccountEvent) => {
      told.push(one.sub)
      await follower(one)
    },
  ]
  const { feed } = source
  const random = () => 1
  const { begin, start } = createFollowing({ feed, bookmark, followers, clock, log, random })
  return {
    ...{ ...source, bookmark, clock, log, told, begin },
    start: () => {
      const stop = start()
      t.after(stop)
      return stop
    },
  }
}
