/** Account events in the memory of one process. They begin with it: hence an epoch of its own. */
import { randomUUID } from 'node:crypto'
import { type AccountEvent, type AccountEvents, eventOf } from './account-events.ts'

export interface MemoryAccountEventsOptions {
  /** The first make room for those that come. */
  readonly maxEvents: number
  readonly now: () => number
  /** Called after each event. Must not throw. */
  readonly onEvent: () => void
}

export function memoryAccountEvents({
  maxEvents,
  now,
  onEvent,
}: MemoryAccountEventsOptions): AccountEvents {
  const epoch = randomUUID()
  const events: AccountEvent[] = []
  let last = 0

  return {
    statementsFor: () => [],
    apply(change) {
      const event = eventOf(change)
      if (event === undefined) return
      events.push({ ...event, number: ++last })
      if (events.length > maxEvents) events.shift()
      onEvent()
    },
    async end() {
      return { epoch, number: last }
    },
    async after(position, limit) {
      const first = events[0]?.number ?? last + 1
      const isKept = position.number + 1 >= first && position.number <= last
      if (position.epoch !== epoch || !isKept) return undefined
      const start = position.number + 1 - first
      return events.slice(start, start + limit).map((one) => ({ ...one }))
    },
    async forget(olderThanMilliseconds, limit) {
      const oldest = now() - olderThanMilliseconds
      const kept = events.findIndex(({ at }) => at >= oldest)
      return events.splice(0, Math.min(kept === -1 ? events.length : kept, limit)).length
    },
  }
}
