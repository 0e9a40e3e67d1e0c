import type { EventId } from './event-port.ts'

/** Makes ids of one process, each greater than the one before, also where the clock steps back. */
export function createEventIds(now: () => number): () => EventId {
  let millisecond = 0
  let number = 0
  return () => {
    const at = now()
    number = at > millisecond ? 0 : number + 1
    millisecond = Math.max(millisecond, at)
    return eventIdOf(millisecond, number)
  }
}

/** Of the instant in epoch milliseconds, and a number that tells apart what came within it. */
export function eventIdOf(millisecond: number, number: number): EventId {
  return `${String(millisecond).padStart(15, '0')}-${String(number).padStart(10, '0')}`
}

/** When it was accepted, in epoch milliseconds. */
export function acceptedAt(id: EventId): number {
  return Number(id.slice(0, 15))
}
