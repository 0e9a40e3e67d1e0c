import { describeError, type Log } from './log.ts'

/** What is to be released at the end of a process. */
export interface Releasers {
  /** To be called right after acquiring. */
  readonly release: (releaser: () => unknown) => void
  /** The last one first, each whatever becomes of the others. Never rejects. */
  readonly releaseAll: () => Promise<void>
}

export function createReleasers(log: Log): Releasers {
  const releasers: (() => unknown)[] = []
  return {
    release: (releaser) => void releasers.unshift(releaser),
    async releaseAll() {
      for (const releaser of releasers) {
        try {
          await releaser()
        } catch (error) {
          log.error('something could not be released', { error: describeError(error) })
        }
      }
    },
  }
}
