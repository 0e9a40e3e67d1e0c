import type { Clock } from '../../src/clock.ts'

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves by `milliseconds` (backwards too) and runs what has become due, in order. */
  advance(milliseconds: number): void
}

interface Alarm {
  at: number
  readonly action: () => void
  /** Missing for an alarm that rings once. */
  readonly interval?: number
}

export function manualClock(startsAt = 1_700_000_000_000): ManualClock {
  let now = startsAt
  const alarms = new Set<Alarm>()

  function add(alarm: Alarm): () => void {
    alarms.add(alarm)
    return () => void alarms.delete(alarm)
  }

  function nextDue(): Alarm | undefined {
    return [...alarms].filter(({ at }) => at <= now).sort((one, other) => one.at - other.at)[0]
  }

  return {
    now: () => now,
    after: (milliseconds, action) => add({ at: now + milliseconds, action }),
    every: (interval, action) => add({ at: now + interval, action, interval }),
    advance(milliseconds) {
      now += milliseconds
      for (let due = nextDue(); due !== undefined; due = nextDue()) {
        if (due.interval === undefined) alarms.delete(due)
        else due.at += due.interval
        due.action()
      }
    },
  }
}
