/**
 * When users made their last requests, gathered in memory and filed now and then, all at once: a read must cost no write.
 * What was gathered and not filed goes with the process.
 */
import type { ActivityStore } from './activity-store.ts'

export interface GatheredActivity {
  readonly note: (user: string, at: number) => void
  /** Not to be filed any more. */
  readonly drop: (user: string) => void
  /** Files what was gathered. Where it rejects, that is filed with what comes until the next time. One after the other. */
  readonly flush: () => Promise<void>
}

export interface GatheredActivityOptions {
  readonly store: Pick<ActivityStore, 'file'>
  /** Until the next flush others are not noted. */
  readonly maxUsers: number
}

export function gatherActivity({ store, maxUsers }: GatheredActivityOptions): GatheredActivity {
  let gathered = new Map<string, number>()
  let last: Promise<void> = Promise.resolve()

  function note(user: string, at: number): void {
    if (gathered.size < maxUsers || gathered.has(user)) gathered.set(user, at)
  }

  async function file(): Promise<void> {
    if (gathered.size === 0) return
    const filed = gathered
    gathered = new Map()
    try {
      await store.file(filed)
    } catch (error) {
      for (const [user, at] of filed) if (!gathered.has(user)) note(user, at)
      throw error
    }
  }

  return {
    note,
    drop: (user) => void gathered.delete(user),
    flush() {
      last = last.then(file, file)
      return last
    },
  }
}
