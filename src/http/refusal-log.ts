/**
 * Tells the log of refusals without letting a stranger fill it: the first of its kind is a line, those that follow are
 * counted and summed up. The kinds are few: declared paths times the closed list of codes.
 */
import { describeError, type Log } from '../log.ts'
import type { Refusal } from './refusal.ts'

export interface RefusalLog {
  add(refusal: Refusal, request: { readonly path: string; readonly requestId: string }): void
  /** Writes what was counted since the last time, and begins anew. */
  sumUp(): void
}

export function createRefusalLog(log: Log): RefusalLog {
  const repeats = new Map<string, { path: string; code: string; count: number }>()
  return {
    add(refusal, { path, requestId }) {
      const { code } = refusal
      const key = `${code} ${path}`
      const repeated = repeats.get(key)
      if (repeated !== undefined) {
        repeated.count++
        return
      }
      repeats.set(key, { path, code, count: 0 })
      const cause = refusal.cause === undefined ? undefined : describeError(refusal.cause)
      log.info('refused', { request_id: requestId, path, code, reason: refusal.message, cause })
    },
    sumUp() {
      for (const { path, code, count } of repeats.values()) {
        if (count > 0) log.info('refused again', { path, code, count })
      }
      repeats.clear()
    },
  }
}
