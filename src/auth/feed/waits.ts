/**
 * Followers that have read everything and wait for more. Other processes write events too, so the store is asked each
 * second while anybody waits, once for all of them.
 */
import type { Clock } from '../../clock.ts'
import type { Call } from '../../http/endpoint.ts'
import { unavailable } from '../../http/refusal.ts'
import type { AccountEvents, Position } from './account-events.ts'

export interface Wait {
  readonly position: Position
  readonly milliseconds: number
}

export interface Waits {
  /** Resolves when there is more behind the position, when the time is over, or when to wait is vain. */
  forMore(call: Pick<Call, 'whenWaitIsVain'>, wait: Wait): Promise<void>
  /** Looks at once whether there is more for anybody. Never throws, and nobody waits for it. */
  look(): void
}

export interface WaitsDependencies {
  readonly events: Pick<AccountEvents, 'end'>
  readonly clock: Clock
  /** More are refused: each holds a connection. */
  readonly maxWaiting: number
}

const lookMilliseconds = 1_000

export function createWaits({ events, clock, maxWaiting }: WaitsDependencies): Waits {
  const waiters = new Set<{ readonly position: Position; readonly end: () => void }>()
  let stopLooking = () => {}

  async function endThoseWithMore(): Promise<void> {
    const { epoch, number } = await events.end()
    for (const { position, end } of waiters) {
      if (position.number !== number || position.epoch !== epoch) end()
    }
  }

  /** Who waits while the store is away asks it in the end, and hears of the fault then. */
  const look = () => void endThoseWithMore().catch(() => {})

  return {
    async forMore(call, { position, milliseconds }) {
      if (waiters.size >= maxWaiting) throw unavailable('Too many wait for account events.')
      if (waiters.size === 0) stopLooking = clock.every(lookMilliseconds, look)
      let end = () => {}
      const ended = new Promise<void>((resolve) => {
        end = resolve
      })
      const waiter = { position, end }
      waiters.add(waiter)
      const cancel = clock.after(milliseconds, end)
      const goOn = call.whenWaitIsVain(end)
      await ended
      goOn()
      cancel()
      waiters.delete(waiter)
      if (waiters.size === 0) stopLooking()
    },
    look,
  }
}
