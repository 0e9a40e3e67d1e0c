/** Time as an argument. Only an entry point uses `systemClock`; tests bring a clock that they move by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Runs `action` once, after `milliseconds`. The answer cancels it. */
  readonly after: (milliseconds: number, action: () => void) => () => void
  /** Runs `action` every `milliseconds`, first after one interval. The answer stops it. */
  readonly every: (milliseconds: number, action: () => void) => () => void
}

export const systemClock: Clock = {
  now: Date.now,
  after(milliseconds, action) {
    const timer = setTimeout(action, milliseconds)
    return () => clearTimeout(timer)
  },
  every(milliseconds, action) {
    const timer = setInterval(action, milliseconds)
    return () => clearInterval(timer)
  },
}
