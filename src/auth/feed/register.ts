/** The feed: what servers that keep something of users must know of their accounts. */

import { route } from '../../http/router.ts'
import { startPeriodicJob } from '../../periodic-job.ts'
import { type Core, capability } from '../capability.ts'
import type { AccountEvents } from './account-events.ts'
import { memoryAccountEvents } from './memory.ts'
import { showEvents } from './show-events.ts'
import { createWaits, type Waits } from './waits.ts'

const retentionMilliseconds = 30 * 86_400_000
const forgetEveryMilliseconds = 3_600_000
const forgetAtOnce = 1_000
const maxEventsInMemory = 10_000
const maxWaiting = 256

export const feed = capability({
  name: 'feed',
  migrations: new URL('migrations/', import.meta.url),
  async register(core) {
    const { tokens, purposes, requiresCertificate, clock } = core
    const events = await openAccountEvents(core, () => waits.look())
    const waits: Waits = createWaits({ events, clock, maxWaiting })
    const showing = { events, waits, tokens, purpose: purposes.service, requiresCertificate }
    return {
      changeFollower: events,
      routes: [route('/events', { GET: showEvents(showing) })],
      jobs: [() => startForgetting(events, core)],
    }
  },
})

async function openAccountEvents(
  { accountBacking, clock: { now } }: Core,
  onEvent: () => void,
): Promise<AccountEvents> {
  if (accountBacking.kind === 'memory')
    return memoryAccountEvents({ maxEvents: maxEventsInMemory, now, onEvent })
  const { postgresAccountEvents } = await import('./postgres.ts')
  return postgresAccountEvents(accountBacking)
}

/** The answer stops it. */
function startForgetting(events: AccountEvents, { clock, log }: Core): () => void {
  return startPeriodicJob({
    clock,
    log,
    intervalMilliseconds: forgetEveryMilliseconds,
    complaint: 'old account events were not removed yet',
    async work(isStopped) {
      let removed = forgetAtOnce
      while (removed === forgetAtOnce && !isStopped())
        removed = await events.forget(retentionMilliseconds, forgetAtOnce)
    },
  })
}
