/** A place where a test keeps back as many as it wants, and which the others pass. */
import { createGate } from './gate.ts'
import { waitUntil } from './processes.ts'

export interface Hold {
  /** The next `count` that come stay until they are released. `full` resolves when they are all there, and rejects after 10 s. */
  next(count: number): { readonly full: Promise<void>; readonly release: () => void }
  pass(): Promise<void>
}

export function createHold(): Hold {
  let missing = 0
  let gate = createGate()
  return {
    next(count) {
      missing = count
      const released = createGate()
      gate = released
      return { full: waitUntil(() => missing === 0), release: () => released.open() }
    },
    async pass() {
      if (missing === 0) return
      missing--
      await gate.opened
    },
  }
}
