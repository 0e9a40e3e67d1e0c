/**
 * The contract of `TokenStore`. An adapter's own test file is a call of `tokenStoreContract`, of the others where the
 * adapter can what they need, and of what only that adapter has.
 */
import { describeCases } from './contract.ts'
import { censusCases } from './token-store-census.ts'
import { closedCases } from './token-store-closed.ts'
import { exactExpiryCases } from './token-store-exact-expiry.ts'
import { exactMarkCases } from './token-store-exact-marks.ts'
import { expiryCases } from './token-store-expiry.ts'
import type { ExactCase, OpenedExactly, OpenTokenStore, TokenStoreCase } from './token-store-kit.ts'
import { lifeCases } from './token-store-life.ts'
import { listCases } from './token-store-lists.ts'
import { markCases } from './token-store-marks.ts'
import { purposeCases } from './token-store-purposes.ts'
import { raceCases } from './token-store-races.ts'
import { recordCases } from './token-store-records.ts'
import { roomCases, testRoom } from './token-store-room.ts'

export const tokenStoreCases: readonly TokenStoreCase[] = [
  ...lifeCases,
  ...listCases,
  ...purposeCases,
  ...expiryCases,
  ...markCases,
  ...recordCases,
  ...censusCases,
  ...closedCases,
  ...raceCases,
]
export const exactTokenStoreCases: readonly ExactCase[] = [...exactExpiryCases, ...exactMarkCases]
export const boundedTokenStoreCases: readonly TokenStoreCase[] = roomCases

/** For every adapter. With a real clock it waits for about half a minute. */
export function tokenStoreContract(name: string, open: OpenTokenStore): void {
  describeCases(name, tokenStoreCases, (t) => open(t))
}

/** For adapters whose clock a test can move. */
export function exactTokenStoreContract(name: string, open: OpenTokenStore<OpenedExactly>): void {
  describeCases(`${name} by an exact clock`, exactTokenStoreCases, (t) => open(t))
}

/** For adapters that are given a room. */
export function boundedTokenStoreContract(name: string, open: OpenTokenStore): void {
  describeCases(`${name} with bounded room`, boundedTokenStoreCases, (t) => open(t, testRoom))
}
