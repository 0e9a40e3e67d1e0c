/** Events in the memory of one process. Nothing waits within a method, hence each is one step. */
import { unavailable } from '../../http/refusal.ts'
import { createEventIds } from '../event-ids.ts'
import type { AcceptedEvent, EventId } from '../event-port.ts'
import {
  type DeadLetter,
  type EventLog,
  type EventLogOptions,
  pendingName,
  type TakenEvent,
} from './event-log.ts'

export interface MemoryEventLogOptions extends EventLogOptions {
  readonly now: () => number
}

interface Waiting {
  readonly event: AcceptedEvent
  takenAt: number
}

export function memoryEventLog({
  now,
  maxEvents,
  maxDeadLetters,
  leaseMilliseconds,
  pendingMilliseconds,
}: MemoryEventLogOptions): EventLog {
  /** By their places, for each topic. */
  const lines = new Map<string, Map<string, Waiting>>()
  const pendings = new Map<string, { readonly id: EventId; readonly payload: string }>()
  /** Until when the pending entries of what was settled are kept, the first to go in front. */
  const leaving = new Map<string, number>()
  const letters = new Map<string, DeadLetter>()
  const nextId = createEventIds(now)

  function lineOf(topic: string): Map<string, Waiting> {
    const line = lines.get(topic) ?? new Map<string, Waiting>()
    lines.set(topic, line)
    return line
  }

  function add(event: AcceptedEvent, place: string): void {
    const line = lineOf(event.topic)
    if (line.size >= maxEvents) throw unavailable('Too many events wait.')
    line.set(place, { event, takenAt: Number.NEGATIVE_INFINITY })
  }

  /** Its pending entry goes only where nothing newer is in its place. */
  function remove({ topic, owner, about, id, place }: TakenEvent): boolean {
    const name = pendingName({ topic, owner, about })
    if (pendings.get(name)?.id === id && !leaving.has(name))
      leaving.set(name, now() + pendingMilliseconds)
    return lineOf(topic).delete(place)
  }

  function sweep(): void {
    for (const [name, until] of leaving) {
      if (until > now()) return
      leaving.delete(name)
      pendings.delete(name)
    }
  }

  return {
    async publish({ topic, owner, about, payload }) {
      sweep()
      const event = { topic, owner, about, payload, id: nextId() }
      add(event, event.id)
      const name = pendingName(event)
      leaving.delete(name)
      pendings.set(name, event)
      return { ...event }
    },

    async pending({ topic, owner, abouts }) {
      sweep()
      const found = new Map<string, string>()
      for (const about of abouts) {
        const entry = pendings.get(pendingName({ topic, owner, about }))
        if (entry !== undefined) found.set(about, entry.payload)
      }
      return found
    },

    async take(topic, limit) {
      const taken: TakenEvent[] = []
      for (const [place, waiting] of lineOf(topic)) {
        if (taken.length === limit) break
        if (now() - waiting.takenAt < leaseMilliseconds) continue
        waiting.takenAt = now()
        taken.push({ ...waiting.event, place })
      }
      return taken
    },

    async settle(_, events) {
      sweep()
      for (const event of events) remove(event)
    },

    async bury({ place, ...event }, reason) {
      if (letters.size >= maxDeadLetters) throw unavailable('Too many events are dead letters.')
      if (!remove({ ...event, place })) return
      const id = nextId()
      letters.set(id, { id, event, reason })
    },

    async deadLetters({ after = '', limit }) {
      const behind = [...letters.values()].filter(({ id }) => id > after)
      return behind
        .slice(0, limit)
        .map(({ event, ...letter }) => ({ ...letter, event: { ...event } }))
    },

    async replay({ id }) {
      const letter = letters.get(id)
      if (letter === undefined) return false
      add(letter.event, nextId())
      return letters.delete(id)
    },

    async ping() {},
  }
}
