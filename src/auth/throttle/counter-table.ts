/**
 * Counters of one kind, in the memory of one process, as many as fit.
 *
 * Strangers choose what is counted, so something has to go when all places are taken. Those who may still try freely and
 * those who are slowed have places of their own, and in each the one that was touched last stays longest. A flood of
 * names thus pushes out other light counters, never one of an account that is under attack: to push out one of
 * those takes as many others as there are places, each of which costs all its free failures, with a hash for each of them.
 */
import { firstWaitMilliseconds, flightCost, type Limit } from './limits.ts'

interface Counter {
  /** When its debt is over. */
  readonly emptyAt: number
  /** When the last attempt began that was not refunded. */
  readonly startedAt: number
}

export interface CounterTable {
  /** In milliseconds; 0 where an attempt may begin now. */
  waitOf(key: string, at: number): number
  /** Charges an attempt that begins now: the next one waits for its turn after it. */
  start(key: string, cost: number, at: number): void
  charge(key: string, cost: number, at: number): void
  /** Gives back what was charged, and the turn. */
  refund(key: string, cost: number, at: number): void
  forget(key: string): void
  readonly size: number
}

/** For the light ones, and as many for the others. */
const defaultPlaces = 20_000

export function createCounterTable(limit: Limit, places = defaultPlaces): CounterTable {
  const { freeFailures, longestWaitMilliseconds: longestWait } = limit
  const light = new Map<string, Counter>()
  const slowed = new Map<string, Counter>()

  function find(key: string): Counter | undefined {
    return slowed.get(key) ?? light.get(key)
  }

  /** In failures: how far the next attempt would go beyond the free ones. Not above 0 where it would not. */
  function excessOf({ emptyAt }: Counter, at: number): number {
    return (emptyAt + flightCost(limit) - at) / longestWait - freeFailures
  }

  function forget(key: string): void {
    light.delete(key)
    slowed.delete(key)
  }

  function file(key: string, counter: Counter, at: number): void {
    forget(key)
    if (counter.emptyAt <= at) return
    const counters = excessOf(counter, at) > 0 ? slowed : light
    counters.set(key, counter)
    removeFirst(counters, at)
  }

  /** The first has been left alone for the longest. Two at a time: so what is over goes faster than new ones come. */
  function removeFirst(counters: Map<string, Counter>, at: number): void {
    let removed = 0
    for (const [key, { emptyAt }] of counters) {
      if (removed === 2 || (emptyAt > at && counters.size <= places)) return
      counters.delete(key)
      removed++
    }
  }

  function charge(key: string, cost: number, at: number, startedAt?: number): void {
    const counter = find(key)
    const emptyAt = Math.max(counter?.emptyAt ?? at, at) + cost
    file(key, { emptyAt, startedAt: startedAt ?? counter?.startedAt ?? 0 }, at)
  }

  return {
    waitOf(key, at) {
      const counter = find(key)
      if (counter === undefined) return 0
      const excess = excessOf(counter, at)
      if (excess <= 0) return 0
      const wait = Math.min(longestWait, firstWaitMilliseconds * 2 ** Math.floor(excess))
      return Math.max(0, Math.ceil(counter.startedAt + wait - at))
    },
    start: (key, cost, at) => charge(key, cost, at, at),
    charge: (key, cost, at) => charge(key, cost, at),
    refund(key, cost, at) {
      const counter = find(key)
      if (counter === undefined) return
      file(key, { emptyAt: counter.emptyAt - cost, startedAt: 0 }, at)
    },
    forget,
    get size() {
      return light.size + slowed.size
    },
  }
}
