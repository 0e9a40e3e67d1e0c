/** Refresh families where the tokens are. An adapter is loaded only where the tokens ask for it. */
import type { FixedPurpose } from '../../storage/ports.ts'
import type { Core } from '../capability.ts'
import { startFamiliesCleanup } from './families-cleanup.ts'
import type { FamilyLimits, FamilySweeper, RefreshFamilies } from './refresh-families.ts'

/** The number of sessions that a user has at most is of this size too. */
const maxPerSubject = 20
/** In memory: each takes about as much room as a token. */
const maxFamilies = 100_000
/** An answer is erased at most so long after its window. */
const cleanupIntervalSeconds = 10

export async function openFamilies(
  { tokens, tokenBacking: backing, clock, log, release }: Core,
  purpose: FixedPurpose,
  lifeSeconds: number,
): Promise<RefreshFamilies> {
  const limits: FamilyLimits = {
    purposeName: purpose.name,
    lifeSeconds,
    maxPerSubject,
  }
  const swept = <T extends FamilySweeper>(sweeper: T): T => {
    const options = { sweeper, clock, log, intervalSeconds: cleanupIntervalSeconds }
    release(startFamiliesCleanup(options))
    return sweeper
  }
  switch (backing.kind) {
    case 'memory': {
      const { memoryFamilies } = await import('./families-memory.ts')
      const markOf = async (sub: string) => (await tokens.marks(sub, [purpose])).get(purpose.name)
      return swept(memoryFamilies({ ...limits, maxFamilies, now: clock.now, markOf }))
    }
    case 'redis': {
      const { redisFamilies } = await import('./families-redis.ts')
      return redisFamilies({ ...limits, ...backing })
    }
    case 'postgres': {
      const { postgresFamilies } = await import('./families-postgres.ts')
      return swept(postgresFamilies({ ...limits, database: backing.database }))
    }
  }
}
