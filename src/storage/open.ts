/** From a store's URL to its adapter. An adapter's code, and its driver, are loaded only where a URL asks for them. */
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { MemoryUrl, PostgresUrl, StoreUrl } from '../store-url.ts'
import { memoryTokenStore } from './memory/tokens.ts'
import { memoryUserStore } from './memory/users.ts'
import type { TokenStore, TokenSweeper, UserStore } from './ports.ts'
import { withDriver } from './with-driver.ts'

/** Kept free of all but service tokens, so that a flood of logins cannot stop validations. */
export const reservedPlaces = 1_000

export interface OpenTokenStore {
  readonly tokens: TokenStore
  /** Missing where the store sweeps by itself. */
  readonly sweeper: TokenSweeper | undefined
}

export interface StoreOptions<Url extends StoreUrl = StoreUrl> {
  readonly url: Url
  readonly clock: Clock
  readonly log: Log
}

export interface TokenStoreOptions extends StoreOptions {
  /** In memory. */
  readonly maxTokens: number
  /** In Redis: how many replicas must have a take or a revocation before it is answered. */
  readonly waitReplicas: number
}

export async function openTokenStore({
  url,
  clock,
  log,
  maxTokens,
  waitReplicas,
}: TokenStoreOptions): Promise<OpenTokenStore> {
  switch (url.kind) {
    case 'memory': {
      const store = memoryTokenStore({ now: clock.now, maxTokens, reservedPlaces })
      return { tokens: store, sweeper: store }
    }
    case 'redis': {
      const { openRedisTokenStore } = await withDriver('@redis/client', import('./redis/open.ts'))
      const tokens = openRedisTokenStore({ url, clock, log, waitReplicas })
      return { tokens, sweeper: undefined }
    }
    case 'postgres': {
      const { openPostgresTokenStore } = await withDriver('pg', import('./postgres/open.ts'))
      const store = await openPostgresTokenStore({ url, clock, log })
      return { tokens: store, sweeper: store }
    }
  }
}

export async function openUserStore({
  url,
  clock,
  log,
}: StoreOptions<MemoryUrl | PostgresUrl>): Promise<UserStore> {
  if (url.kind === 'memory') return memoryUserStore()
  const { openPostgresUserStore } = await withDriver('pg', import('./postgres/open.ts'))
  return await openPostgresUserStore({ url, clock, log })
}
