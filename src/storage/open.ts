/** From a store's URL to its adapter. An adapter's code, and its driver, are loaded only where a URL asks for them. */
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { MemoryUrl, PostgresUrl, StoreUrl } from '../store-url.ts'
import type { AccountBacking, TokenBacking } from './backing.ts'
import { memoryTokenStore } from './memory/tokens.ts'
import { memoryUserTable } from './memory/user-table.ts'
import { memoryUserStore } from './memory/users.ts'
import type { MigrationFolder } from './migration-folder.ts'
import type { TokenStore, TokenSweeper, UserStore } from './ports.ts'
import { withDriver } from './with-driver.ts'

/** Kept free of all but service tokens, so that a flood of logins cannot stop validations. */
export const reservedPlaces = 1_000

export interface OpenTokenStore {
  readonly tokens: TokenStore
  /** Missing where the store sweeps by itself. */
  readonly sweeper: TokenSweeper | undefined
  readonly backing: TokenBacking
}

export interface OpenUserStore {
  readonly users: UserStore
  readonly backing: AccountBacking
}

export interface StoreOptions<Url extends StoreUrl = StoreUrl> {
  readonly url: Url
  readonly clock: Clock
  readonly log: Log
  /** What a database must have beside the core's own schema. Default: nothing. */
  readonly migrations?: readonly MigrationFolder[]
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
  migrations = [],
  maxTokens,
  waitReplicas,
}: TokenStoreOptions): Promise<OpenTokenStore> {
  switch (url.kind) {
    case 'memory': {
      const store = memoryTokenStore({ now: clock.now, maxTokens, reservedPlaces })
      return { tokens: store, sweeper: store, backing: { kind: 'memory' } }
    }
    case 'redis': {
      const { openRedisTokenStore } = await withDriver('@redis/client', import('./redis/open.ts'))
      const opened = openRedisTokenStore({ url, clock, log, waitReplicas })
      return { ...opened, sweeper: undefined }
    }
    case 'postgres': {
      const { openPostgresTokenStore } = await withDriver('pg', import('./postgres/open.ts'))
      const opened = await openPostgresTokenStore({ url, clock, log, migrations })
      return { ...opened, sweeper: opened.tokens }
    }
  }
}

export async function openUserStore({
  url,
  clock,
  log,
  migrations = [],
}: StoreOptions<MemoryUrl | PostgresUrl>): Promise<OpenUserStore> {
  if (url.kind === 'memory') {
    const users = memoryUserTable()
    return { users: memoryUserStore(users), backing: { kind: 'memory', users } }
  }
  const { openPostgresUserStore } = await withDriver('pg', import('./postgres/open.ts'))
  return await openPostgresUserStore({ url, clock, log, migrations })
}
