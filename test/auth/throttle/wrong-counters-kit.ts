/** How counters with one flaw are made. */
import type { AttemptCounters, Place } from '../../../src/auth/throttle/attempt-counters.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import type { OpenedCounters } from './counters-kit.ts'
import { openMemoryCounters } from './open-memory.ts'

export type Spoil = (right: AttemptCounters) => Partial<AttemptCounters>

export function flaw(what: string, isCaughtBy: string, spoil: Spoil): Flaw<OpenedCounters> {
  const spoilt = (right: AttemptCounters) => ({ ...right, ...spoil(right) })
  const open = async () => {
    const { counters, brief, pass } = await openMemoryCounters()
    return { counters: spoilt(counters), brief: spoilt(brief), pass }
  }
  return { what, isCaughtBy, open }
}

/** Those who come while another one is being answered. */
export function together<A extends unknown[], R>(
  act: (place: Place, ...rest: A) => Promise<R>,
  others: (present: Promise<R>) => Promise<R>,
) {
  const present = new Map<string, Promise<R>>()
  return async (place: Place, ...rest: A): Promise<R> => {
    const key = `${place.account} ${place.source}`
    const found = present.get(key)
    if (found !== undefined) return await others(found)
    const answer = act(place, ...rest)
    present.set(key, answer)
    setImmediate(() => present.delete(key))
    return await answer
  }
}
