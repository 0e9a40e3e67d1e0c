/** Business's own stores, from their URLs: what its capabilities work on. A driver is loaded only where a URL asks for it. */
import type { MemoryUrl, PostgresUrl, RedisUrl } from '../store-url.ts'
import type { ContentBacking, EventBacking } from './backing.ts'
import type { StoreOptions } from './open.ts'
import { withDriver } from './with-driver.ts'

export interface OpenedBacking<B> {
  readonly backing: B
  readonly close: () => unknown
}

export async function openContent({
  url,
  clock,
  log,
  migrations = [],
}: StoreOptions<MemoryUrl | PostgresUrl>): Promise<OpenedBacking<ContentBacking>> {
  if (url.kind === 'memory') return { backing: { kind: 'memory' }, close: () => {} }
  const { openPostgresContent } = await withDriver('pg', import('./postgres/open.ts'))
  const backing = await openPostgresContent({ url, clock, log, migrations })
  return { backing, close: () => backing.database.close() }
}

export async function openEventBacking({
  url,
  clock,
  log,
}: StoreOptions<MemoryUrl | RedisUrl>): Promise<OpenedBacking<EventBacking>> {
  if (url.kind === 'memory') return { backing: { kind: 'memory' }, close: () => {} }
  const { openRedisRunner } = await withDriver('@redis/client', import('./redis/open.ts'))
  const runner = openRedisRunner({ url, clock, log })
  return { backing: { kind: 'redis', runner }, close: () => runner.close() }
}
