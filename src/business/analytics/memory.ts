/** Activity in the memory of one process. Nothing waits within a method, hence each is one step. */
import type { ActivityStore } from './activity-store.ts'

export interface MemoryActivityOptions {
  /** Those who were filed first make room for those that come. Default: 100,000. */
  readonly maxUsers?: number
}

/** Later than all instants. */
const gone = Number.POSITIVE_INFINITY

export function memoryActivity({ maxUsers = 100_000 }: MemoryActivityOptions = {}): ActivityStore {
  const lastByUser = new Map<string, number>()

  function put(user: string, at: number): void {
    if ((lastByUser.get(user) ?? -1) >= at) return
    lastByUser.set(user, at)
    if (lastByUser.size <= maxUsers) return
    for (const first of lastByUser.keys()) {
      lastByUser.delete(first)
      return
    }
  }

  return {
    async file(all) {
      for (const [user, at] of all) put(user, at)
    },
    async lastOf(user) {
      const at = lastByUser.get(user)
      return at === gone ? undefined : at
    },
    async forget(user) {
      put(user, gone)
    },
  }
}
