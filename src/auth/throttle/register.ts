/**
 * Wrong passwords slow down: an account from a source, a source, and an account for sources that it does not know. By how
 * much and why: `limits.ts`. Where tokens are in Redis all auths count together there; else each counts for itself, for
 * counters are written at each login and need not outlive a restart: no work for Postgres.
 */
import { type Capability, type Core, capability } from '../capability.ts'
import type { AttemptCounters } from './attempt-counters.ts'
import { limits } from './limits.ts'
import { slowLogins } from './slow-logins.ts'

export const throttle: Capability = capability({
  name: 'throttle',
  async register(core) {
    const { report, log } = core
    return { login: slowLogins({ counters: await openCounters(core), report, log }) }
  },
})

async function openCounters({ tokenBacking, clock }: Core): Promise<AttemptCounters> {
  if (tokenBacking.kind === 'redis') {
    const { redisAttemptCounters } = await import('./redis.ts')
    return redisAttemptCounters({ runner: tokenBacking.runner, limits })
  }
  const { memoryAttemptCounters } = await import('./memory.ts')
  return memoryAttemptCounters({ now: clock.now, limits })
}
