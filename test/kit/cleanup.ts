/** The cleanup with a sweeper that does what the test says. */
import type { TestContext } from 'node:test'
import { type CleanupDependencies, startCleanup } from '../../src/auth/cleanup.ts'
import type { TokenSweeper } from '../../src/storage/ports.ts'
import { manualClock } from './clock.ts'
import { recordedLog } from './log.ts'

type Slice = Awaited<ReturnType<TokenSweeper['evictExpired']>>

export const lastSlice: Slice = { evicted: 0, isDone: true }

/** Answers each call with the next of the slices, then that nothing is left. */
export function scriptedSweeper(slices: readonly (() => Slice | Promise<Slice>)[]) {
  const limits: number[] = []
  const sweeper: TokenSweeper = {
    async evictExpired(limit) {
      const slice = slices[limits.push(limit) - 1]
      return slice === undefined ? lastSlice : await slice()
    },
    count: async () => 42,
  }
  return { sweeper, limits }
}

/** A cleanup every 15 seconds of a clock that the test moves. */
export function startTestCleanup(
  t: TestContext,
  sweeper: TokenSweeper,
  options: Partial<Pick<CleanupDependencies, 'clock' | 'intervalSeconds'>> = {},
) {
  const clock = manualClock()
  const log = recordedLog()
  const stop = startCleanup({ sweeper, clock, log, intervalSeconds: 15, ...options })
  t.after(stop)
  return { clock, log, stop }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
}
