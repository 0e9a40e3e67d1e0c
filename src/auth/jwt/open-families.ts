/** Refresh families where the tokens are. An adapter is loaded only where the tokens ask for it. */

import type { Job } from '../../periodic-job.ts'
import type { FixedPurpose } from '../../storage/ports.ts'
import type { Core } from '../capability.ts'
import { startFamiliesCleanup } from './families-cleanup.ts'
import type { FamilyLimits, FamilySweeper, RefreshFamilies } from './refresh-families.ts'

/** As many as sessions, by default. */
const maxPerSubject = 20
/** In memory. */
const maxFamilies = 100_000
/** So long after its window an answer is erased at the latest. */
const cleanupIntervalSeconds = 10

export interface OpenedFamilies {
  readonly families: RefreshFamilies
  readonly jobs: readonly Job[]
}

export async function openFamilies(
  { tokens, tokenBacking: backing, clock, log }: Core,
  purpose: FixedPurpose,
  lifeSeconds: number,
): Promise<OpenedFamilies> {
  const limits: FamilyLimits = { purposeName: purpose.name, lifeSeconds, maxPerSubject }
  const swept = (families: RefreshFamilies & FamilySweeper): OpenedFamilies => {
    const options = { sweeper: families, clock, log, intervalSeconds: cleanupIntervalSeconds }
    return { families, jobs: [() => startFamiliesCleanup(options)] }
  }
  switch (backing.kind) {
    case 'memory': {
      const { memoryFamilies } = await import('./families-memory.ts')
      const markOf = async (sub: string) => (await tokens.marks(sub, [purpose])).get(purpose.name)
      return swept(memoryFamilies({ ...limits, maxFamilies, now: clock.now, markOf }))
    }
    case 'redis': {
      const { redisFamilies } = await import('./families-redis.ts')
      return { families: redisFamilies({ ...limits, ...backing }), jobs: [] }
    }
    case 'postgres': {
      const { postgresFamilies } = await import('./families-postgres.ts')
      return swept(postgresFamilies({ ...limits, database: backing.database }))
    }
  }
}
