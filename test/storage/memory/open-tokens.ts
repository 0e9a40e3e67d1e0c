/** A memory store for one test, with a clock that the test moves. */
import type { TestContext } from 'node:test'
import { memoryTokenStore } from '../../../src/storage/memory/tokens.ts'
import type { TokenStore, TokenSweeper } from '../../../src/storage/ports.ts'
import { manualClock } from '../../kit/clock.ts'
import type { OpenedExactly, Room } from '../token-store-kit.ts'

export interface OpenedMemory extends OpenedExactly {
  readonly store: TokenStore & TokenSweeper
}

export async function openMemoryTokens(
  t: TestContext,
  room: Room = { maxTokens: 100_000, reservedPlaces: 0 },
): Promise<OpenedMemory> {
  const clock = manualClock()
  const store = memoryTokenStore({ now: clock.now, ...room })
  t.after(() => store.close())
  return {
    store,
    now: clock.now,
    step: (milliseconds) => clock.advance(milliseconds),
    pass: async (milliseconds) => clock.advance(milliseconds),
  }
}
