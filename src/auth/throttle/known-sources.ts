/** From where users have logged in, in the memory of one process. Only a right password adds to it. */
import type { Place } from './attempt-counters.ts'
import type { Limits } from './limits.ts'
import { putLast } from './put-last.ts'

/** When full, the account without a login for the longest goes first. */
const maxAccounts = 100_000

export interface KnownSources {
  has(place: Place, at: number): boolean
  add(place: Place, at: number): void
}

export function createKnownSources({
  knownForMilliseconds,
  maxKnownSources,
}: Pick<Limits, 'knownForMilliseconds' | 'maxKnownSources'>): KnownSources {
  /** For each account until when it knows a source, the latest last. */
  const accounts = new Map<string, Map<string, number>>()

  return {
    has({ account, source }, at) {
      const knownUntil = accounts.get(account)?.get(source)
      return knownUntil !== undefined && at < knownUntil
    },
    add({ account, source }, at) {
      const sources = accounts.get(account) ?? new Map<string, number>()
      putLast(sources, source, at + knownForMilliseconds, maxKnownSources)
      putLast(accounts, account, sources, maxAccounts)
    },
  }
}
