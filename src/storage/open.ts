/** From a store's URL to its adapter. The configuration has checked the kinds. */
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { StoreUrl } from '../store-url.ts'
import { memoryTokenStore } from './memory/tokens.ts'
import { memoryUserStore } from './memory/users.ts'
import type { TokenStore, TokenSweeper, UserStore } from './ports.ts'

/** Kept free of all but service tokens, so that a flood of logins cannot stop validations. */
export const reservedPlaces = 1_000

export interface OpenTokenStore {
  readonly tokens: TokenStore
  /** Missing where the store sweeps by itself. */
  readonly sweeper: TokenSweeper | undefined
}

export interface StoreOptions {
  readonly url: StoreUrl
  readonly clock: Clock
  readonly log: Log
}

export interface TokenStoreOptions extends StoreOptions {
  readonly maxTokens: number
  readonly waitReplicas: number
}

export async function openTokenStore({
  url,
  clock,
  maxTokens,
}: TokenStoreOptions): Promise<OpenTokenStore> {
  if (url.kind !== 'memory') throw new TypeError('no adapter for this token store')
  const store = memoryTokenStore({ now: clock.now, maxTokens, reservedPlaces })
  return { tokens: store, sweeper: store }
}

export async function openUserStore({ url }: StoreOptions): Promise<UserStore> {
  if (url.kind !== 'memory') throw new TypeError('no adapter for this user store')
  return memoryUserStore()
}
