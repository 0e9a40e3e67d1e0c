/** Events: accepted at once, and folded by workers in batches. */
import { type BusinessCore, businessCapability } from '../capability.ts'
import type { Events } from '../event-port.ts'
import type { EventLog, EventLogOptions } from './event-log.ts'
import { memoryEventLog } from './memory.ts'
import { eventVariables } from './variables.ts'
import { createFolding } from './work.ts'

/** The lease is longer than a fold takes. */
const limits = { maxDeadLetters: 10_000, leaseMilliseconds: 10_000, pendingMilliseconds: 10_000 }

export const events = businessCapability({
  name: 'events',
  variables: eventVariables,
  async register(core, { MAX_EVENTS: maxEvents, FLUSH_INTERVAL_MILLISECONDS }) {
    const isInMemory = core.eventBacking.kind === 'memory'
    if (isInMemory && core.environment === 'production') {
      // What was accepted would end with its process, and be known to no other.
      core.log.warn('nothing is accepted as an event, but folded at once: EVENTS is in memory')
      return {}
    }
    const log = await openEventLog(core, maxEvents)
    const folding = createFolding({
      ...core,
      events: log,
      intervalMilliseconds: FLUSH_INTERVAL_MILLISECONDS,
      isAlone: isInMemory,
    })
    return {
      events: onlyWhatIsFolded(log, core),
      work: [folding],
      ...(isInMemory ? {} : { probes: { events: () => log.ping() } }),
    }
  },
})

export async function openEventLog(
  { eventBacking, clock }: Pick<BusinessCore, 'eventBacking' | 'clock'>,
  maxEvents: number,
): Promise<EventLog> {
  const options: EventLogOptions = { ...limits, maxEvents }
  if (eventBacking.kind === 'memory') return memoryEventLog({ ...options, now: clock.now })
  const { redisEventLog } = await import('./redis.ts')
  return redisEventLog({ ...options, runner: eventBacking.runner })
}

/** An event that is published under another name than it is folded would wait for ever: that is found out at once. */
function onlyWhatIsFolded(log: EventLog, { topics }: Pick<BusinessCore, 'topics'>): Events {
  return {
    async publish(event) {
      if (!topics().some(({ name }) => name === event.topic))
        throw new TypeError('nobody folds events of this topic')
      return await log.publish(event)
    },
    pending: (asked) => log.pending(asked),
  }
}
