import { memoryCounts } from '../../../src/auth/accounts/counts-memory.ts'
import { manualClock } from '../../kit/clock.ts'
import type { OpenedCounts } from './counts-kit.ts'

/** Counts whose clock stands still until it is moved. */
export async function openMemoryCounts(options = {}): Promise<OpenedCounts> {
  const clock = manualClock()
  return {
    counts: memoryCounts({ now: clock.now, ...options }),
    pass: async (milliseconds) => clock.advance(milliseconds),
  }
}
