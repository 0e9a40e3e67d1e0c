/** From a store's URL to its adapter. The configuration has checked the schemes. */
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

export interface TokenStoreOptions {
  readonly url: string
  readonly now: () => number
  readonly maxTokens: number
}

export async function openTokenStore({
  url,
  now,
  maxTokens,
}: TokenStoreOptions): Promise<OpenTokenStore> {
  if (url !== 'memory:') throw new TypeError('no adapter for this token store')
  const store = memoryTokenStore({ now, maxTokens, reservedPlaces })
  return { tokens: store, sweeper: store }
}

export async function openUserStore({ url }: { url: string }): Promise<UserStore> {
  if (url !== 'memory:') throw new TypeError('no adapter for this user store')
  return memoryUserStore()
}
