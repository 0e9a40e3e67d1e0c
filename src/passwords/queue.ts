import { unavailable } from '../http/refusal.ts'

export interface QueueLimits {
  /** How many run at once. */
  readonly concurrency: number
  /** How many may wait for their turn; one more is refused with 503. */
  readonly maxWaiting: number
}

/** Runs work in the order in which it came, a few at once, and refuses what would wait too long. */
export type Queue = <T>(work: () => Promise<T>) => Promise<T>

export function createQueue({ concurrency, maxWaiting }: QueueLimits): Queue {
  const waiting: (() => void)[] = []
  let running = 0

  function leave(): void {
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }

  return async (work) => {
    if (running < concurrency) running++
    else if (waiting.length < maxWaiting)
      await new Promise<void>((resolve) => waiting.push(resolve))
    else throw unavailable('Too many logins at once.', { retryAfterSeconds: 2 })
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
