/** Follows what happens to accounts at auth, for the capabilities that keep something of users. */
import type { ContentBacking } from '../../storage/backing.ts'
import { businessCapability } from '../capability.ts'
import { createAccountFeed } from './account-feed.ts'
import type { Bookmark } from './bookmark.ts'
import { createFollowing } from './follow-accounts.ts'

const eventsScope = 'accounts:events'
const waitSeconds = 20

export const follow = businessCapability({
  name: 'follow',
  migrations: new URL('migrations/', import.meta.url),
  async register({ connect, serviceToken, content, accountFollowers: followers, clock, log }) {
    const feed = createAccountFeed({
      connection: connect(),
      waitingConnection: connect({ waitMilliseconds: waitSeconds * 1_000 }),
      serviceToken: serviceToken(eventsScope),
      waitSeconds,
    })
    const bookmark = await openBookmark(content)
    const { random } = Math
    const following = createFollowing({ feed, bookmark, followers, clock, log, random })
    return { prepare: following.begin, jobs: [following.start] }
  },
})

async function openBookmark(content: ContentBacking): Promise<Bookmark> {
  if (content.kind === 'memory') {
    const { memoryBookmark } = await import('./memory.ts')
    return memoryBookmark()
  }
  const { postgresBookmark } = await import('./postgres.ts')
  return postgresBookmark(content)
}
