/** Of which failures users are still to be told, in the memory of one process. Only names that somebody has are added. */
import type { Limits } from './limits.ts'
import { putLast } from './put-last.ts'

/** When full, the account whose last failure is the oldest goes first. */
const defaultPlaces = 100_000

export interface UntoldFailures {
  add(account: string, at: number): void
  /** Whether there were any. Forgets them. */
  take(account: string, at: number): boolean
  readonly size: number
}

export function createUntoldFailures(
  { untoldForMilliseconds }: Pick<Limits, 'untoldForMilliseconds'>,
  places = defaultPlaces,
): UntoldFailures {
  /** For each account until when it remembers its last failure. */
  const accounts = new Map<string, number>()

  return {
    add(account, at) {
      putLast(accounts, account, at + untoldForMilliseconds, places)
    },
    take(account, at) {
      const untoldUntil = accounts.get(account)
      accounts.delete(account)
      return untoldUntil !== undefined && at < untoldUntil
    },
    get size() {
      return accounts.size
    },
  }
}
