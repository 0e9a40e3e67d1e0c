import type { Core } from '../capability.ts'
import type { Counts } from './counts.ts'

/**
 * Where tokens are in Redis all auths count together there; else each counts for itself, for counts are written at each
 * request and need not outlive a restart: no work for Postgres.
 */
export async function openCounts({
  tokenBacking,
  clock,
}: Pick<Core, 'tokenBacking' | 'clock'>): Promise<Counts> {
  if (tokenBacking.kind === 'redis') {
    const { redisCounts } = await import('./counts-redis.ts')
    return redisCounts(tokenBacking)
  }
  const { memoryCounts } = await import('./counts-memory.ts')
  return memoryCounts({ now: clock.now })
}
