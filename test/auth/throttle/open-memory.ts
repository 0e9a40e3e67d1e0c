import { limits } from '../../../src/auth/throttle/limits.ts'
import { memoryAttemptCounters } from '../../../src/auth/throttle/memory.ts'
import { type ManualClock, manualClock } from '../../kit/clock.ts'
import { briefLimits, type OpenedCounters } from './counters-kit.ts'

/** Counters whose clock stands still until it is moved. */
export async function openMemoryCounters(): Promise<OpenedCounters & { clock: ManualClock }> {
  const clock = manualClock()
  const { now } = clock
  return {
    counters: memoryAttemptCounters({ now, limits }),
    brief: memoryAttemptCounters({ now, limits: briefLimits }),
    pass: async (milliseconds) => clock.advance(milliseconds),
    clock,
  }
}
