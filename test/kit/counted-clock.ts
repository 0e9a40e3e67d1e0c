import type { Clock } from '../../src/clock.ts'

/** The same clock, which also says how many of its alarms are neither rung nor cancelled. */
export function countedClock<C extends Clock>(clock: C): C & { pending(): number } {
  const alarms = new Set<object>()
  function add(set: (alarm: object) => () => void): () => void {
    const alarm = {}
    alarms.add(alarm)
    const cancel = set(alarm)
    return () => {
      alarms.delete(alarm)
      cancel()
    }
  }
  return {
    ...clock,
    pending: () => alarms.size,
    after: (milliseconds, action) =>
      add((alarm) =>
        clock.after(milliseconds, () => {
          alarms.delete(alarm)
          action()
        }),
      ),
    every: (milliseconds, action) => add(() => clock.every(milliseconds, action)),
  }
}
