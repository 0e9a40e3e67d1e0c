/** The index and the token store in memory, by the time of the day. */
import type { TestContext } from 'node:test'
import { memorySessionIndex } from '../../../src/auth/sessions/memory.ts'
import { memoryTokenStore } from '../../../src/storage/memory/tokens.ts'
import { lifeSeconds } from './index-kit.ts'

export function openRealTime(t: TestContext) {
  const now = Date.now
  const tokens = memoryTokenStore({ now, maxTokens: 10_000, reservedPlaces: 0 })
  t.after(() => tokens.close())
  return { index: memorySessionIndex({ now, lifeSeconds }), tokens }
}
