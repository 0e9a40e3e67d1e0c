/**
 * Tells users by mail of a login from a new place after wrong passwords: whoever noticed it has reported it. The login
 * does not wait for that, nor fail with it.
 */
import { describeError, type Log } from '../../log.ts'
import { loginFromNewPlace, type Report } from '../security-events.ts'
import type { MailStore } from './account-store.ts'
import { mails } from './mail-templates.ts'
import type { Post } from './post.ts'

export interface TellOfNewPlacesDependencies {
  readonly mailStore: MailStore
  readonly post: Pick<Post, 'look'>
  readonly log: Log
}

export interface TellOfNewPlaces {
  readonly hear: Report
  /** Resolves when all that was heard is in the outbox, or lost. */
  readonly settle: () => Promise<void>
}

export function createTellOfNewPlaces({
  mailStore,
  post,
  log,
}: TellOfNewPlacesDependencies): TellOfNewPlaces {
  const underWay = new Set<Promise<void>>()

  async function tell(sub: string, requestId: string): Promise<void> {
    try {
      await mailStore.ask([{ template: mails.newPlace, sub }])
      post.look()
    } catch (error) {
      const fields = { request_id: requestId, sub, error: describeError(error) }
      log.error('a user was not told of a login from a new place', fields)
    }
  }

  return {
    hear({ type, sub, requestId }) {
      if (type !== loginFromNewPlace || sub === undefined) return
      const told = tell(sub, requestId).finally(() => underWay.delete(told))
      underWay.add(told)
    },
    async settle() {
      await Promise.all(underWay)
    },
  }
}
