/**
 * Reads auth's feed and tells each event to all who follow accounts. The bookmark is moved once all of a page has been
 * told, so a process that dies between the two tells it again, and so does another that reads the same page at the same
 * moment: whoever is told must end the same. A bookmark that somebody else has moved is left where it is, so it never
 * moves back.
 *
 * Rejected: one follower among the processes, elected; telling twice is harmless, and nobody must notice that it died.
 */
import type { Clock } from '../../clock.ts'
import { describeError, type Log } from '../../log.ts'
import type { AccountFollower } from '../account-port.ts'
import type { AccountFeed } from './account-feed.ts'
import type { Bookmark } from './bookmark.ts'

export interface FollowDependencies {
  readonly feed: AccountFeed
  readonly bookmark: Bookmark
  readonly followers: () => readonly AccountFollower[]
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
  /** From 0 to 1. */
  readonly random: () => number
}

export interface Following {
  /** Begins at the end of the feed where nobody has begun. Never rejects: where it fails, the following begins. */
  readonly begin: () => Promise<void>
  /** The answer stops it, and resolves when nobody is told any more. */
  readonly start: () => () => Promise<void>
}

/** auth waits where there is nothing to tell. One that does not is not asked without a pause. */
const idleMilliseconds = 100
const firstPauseMilliseconds = 500
const longestPauseMilliseconds = 30_000

export function createFollowing(dependencies: FollowDependencies): Following {
  const { feed, bookmark, followers, log, random } = dependencies
  const stopping = createStop(dependencies.clock)

  async function beginAtEnd(from: string | undefined): Promise<boolean> {
    return await bookmark.move(from, await feed.end())
  }

  /** Answers whether there may be more at once. */
  async function tellPage(): Promise<boolean> {
    const cursor = await bookmark.read()
    if (cursor === undefined) {
      await beginAtEnd(undefined)
      return true
    }
    const page = await feed.after(cursor)
    if (page === undefined) {
      if (await beginAtEnd(cursor))
        log.error('account events were missed: auth no longer has those behind the bookmark')
      return false
    }
    for (const event of page.events) {
      if (stopping.isStopped()) return false
      await Promise.all(followers().map((follower) => follower(event)))
    }
    return page.next !== cursor && (await bookmark.move(cursor, page.next))
  }

  async function follow(): Promise<void> {
    let failures = 0
    while (!stopping.isStopped()) {
      try {
        const isMore = await tellPage()
        if (failures > 0) log.info('account events are followed again')
        failures = 0
        if (!isMore) await stopping.pause(idleMilliseconds)
      } catch (error) {
        if (stopping.isStopped()) return
        if (failures++ === 0)
          log.warn('account events are not followed for the moment', {
            error: describeError(error),
          })
        await stopping.pause(pauseAfter(failures, random()))
      }
    }
  }

  return {
    async begin() {
      try {
        if ((await bookmark.read()) === undefined) await beginAtEnd(undefined)
      } catch {
        // Whoever follows will meet the same, and tell the log.
      }
    },
    start() {
      const following = follow()
      return async () => {
        stopping.stop()
        await feed.close()
        await following
      }
    },
  }
}

/** Twice as long after each failure, and never all processes at the same moment. */
function pauseAfter(failures: number, random: number): number {
  const longest = Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** (failures - 1))
  return longest * (0.5 + random / 2)
}

/** A stop that ends the pause that is under way. */
function createStop(clock: Pick<Clock, 'after'>) {
  let isStopped = false
  let endPause = () => {}
  return {
    isStopped: () => isStopped,
    stop() {
      isStopped = true
      endPause()
    },
    async pause(milliseconds: number): Promise<void> {
      if (isStopped) return
      let cancel = () => {}
      await new Promise<void>((resolve) => {
        endPause = resolve
        cancel = clock.after(milliseconds, resolve)
      })
      cancel()
    },
  }
}
