/** The index where the tokens are: an adapter is loaded only where its store is in use. */
import type { Clock } from '../../clock.ts'
import type { TokenBacking } from '../../storage/backing.ts'
import type { SessionIndex, SessionIndexOptions, SessionIndexSweeper } from './session-index.ts'

export interface OpenSessionIndex {
  readonly index: SessionIndex
  /** Missing where the store sweeps by itself. */
  readonly sweeper: SessionIndexSweeper | undefined
}

export interface OpenSessionIndexOptions extends SessionIndexOptions {
  readonly backing: TokenBacking
  readonly clock: Clock
}

export async function openSessionIndex({
  backing,
  clock,
  lifeSeconds,
}: OpenSessionIndexOptions): Promise<OpenSessionIndex> {
  switch (backing.kind) {
    case 'memory': {
      const { memorySessionIndex } = await import('./memory.ts')
      const index = memorySessionIndex({ now: clock.now, lifeSeconds })
      return { index, sweeper: index }
    }
    case 'redis': {
      const { redisSessionIndex } = await import('./redis.ts')
      const { runner } = backing
      return { index: redisSessionIndex({ runner, lifeSeconds }), sweeper: undefined }
    }
    case 'postgres': {
      const { postgresSessionIndex } = await import('./postgres.ts')
      const index = postgresSessionIndex({ database: backing.database, lifeSeconds })
      return { index, sweeper: index }
    }
  }
}
