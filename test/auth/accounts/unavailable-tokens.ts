/** A token store that cannot end anything of a subject while a test says so, and a clock that lets jobs look again. */
import { unavailable } from '../../../src/http/refusal.ts'
import { memoryTokenStore } from '../../../src/storage/memory/tokens.ts'
import type { TokenStore } from '../../../src/storage/ports.ts'
import { manualClock } from '../../kit/clock.ts'

export function unavailableTokens() {
  const clock = manualClock(Date.now())
  const store = memoryTokenStore({ now: clock.now, maxTokens: 1_000, reservedPlaces: 10 })
  let isDown = false
  const tokens: TokenStore = {
    ...store,
    async revokeSubject(...args) {
      if (isDown) throw unavailable('The token store is away.')
      return await store.revokeSubject(...args)
    },
  }
  return {
    tokens,
    clock,
    setDown: (value: boolean) => {
      isDown = value
    },
    /** Lets the jobs run once, to their end. */
    tick: async () => {
      clock.advance(2_000)
      await new Promise(setImmediate)
    },
  }
}
