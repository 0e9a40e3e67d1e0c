/** How often something may be asked for: a count for each key, forgotten together when the time is over. Bounded. */
import type { Clock } from '../../clock.ts'
import { Refusal } from '../../http/refusal.ts'
import { networkOf } from '../../http/source.ts'

export interface LimitOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly limit: number
  readonly windowSeconds: number
  /** How many keys are counted; of more the first is forgotten. Default: 10,000. */
  readonly maxKeys?: number
}

export interface Limit {
  /** Counts, and says whether that was not too often. */
  allows(key: string): boolean
}

export function createLimit({
  clock,
  limit,
  windowSeconds,
  maxKeys = 10_000,
}: LimitOptions): Limit {
  const counts = new Map<string, number>()
  let window = 0

  return {
    allows(key) {
      const present = Math.floor(clock.now() / (windowSeconds * 1000))
      if (present !== window) counts.clear()
      window = present
      const count = counts.get(key) ?? 0
      if (count >= limit) return false
      const [first] = counts.keys()
      if (count === 0 && counts.size >= maxKeys && first !== undefined) counts.delete(first)
      counts.set(key, count + 1)
      return true
    },
  }
}

export function tooMany(): Refusal {
  const headers = { 'Retry-After': '3600' }
  return new Refusal('too_many_requests', 'That was asked for too often. Try again later.', {
    headers,
  })
}

/**
 * For what strangers ask for in somebody's name: by where they ask from, by the address from there, and by the address as a
 * whole. The last is so high that it takes many strangers to keep somebody from asking.
 */
export interface AskingLimits {
  allow(asked: { readonly username: string; readonly source: string }): boolean
}

export function createAskingLimits(clock: Pick<Clock, 'now'>): AskingLimits {
  const windowSeconds = 3_600
  const bySource = createLimit({ clock, limit: 100, windowSeconds })
  const byBoth = createLimit({ clock, limit: 5, windowSeconds })
  const byAddress = createLimit({ clock, limit: 50, windowSeconds })
  return {
    allow({ username, source }) {
      const network = networkOf(source)
      return (
        bySource.allows(network) &&
        byBoth.allows(`${network} ${username}`) &&
        byAddress.allows(username)
      )
    },
  }
}
