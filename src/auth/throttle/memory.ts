/** Attempts counted in the memory of one process, each step in one go. A restart forgets them. */
import type { AttemptCounters, Place } from './attempt-counters.ts'
import { type CounterTable, createCounterTable } from './counter-table.ts'
import { createKnownSources } from './known-sources.ts'
import { failureCost, flightCost, type Limit, type Limits } from './limits.ts'
import { createUntoldFailures } from './untold-failures.ts'

export interface MemoryAttemptCountersOptions {
  /** Epoch milliseconds. May step back: the counters' own clock then stands still. */
  readonly now: () => number
  readonly limits: Limits
}

interface Counter {
  readonly table: CounterTable
  readonly key: string
  readonly limit: Limit
}

export function memoryAttemptCounters({
  now,
  limits,
}: MemoryAttemptCountersOptions): AttemptCounters {
  const pairs = createCounterTable(limits.pair)
  const sources = createCounterTable(limits.source)
  const accounts = createCounterTable(limits.account)
  const knownSources = createKnownSources(limits)
  const untoldFailures = createUntoldFailures(limits)
  let latest = 0

  function readClock(): number {
    latest = Math.max(latest, now())
    return latest
  }

  const pairOf = ({ account, source }: Place): Counter => ({
    table: pairs,
    key: `${account} ${source}`,
    limit: limits.pair,
  })
  const sourceOf = ({ source }: Place): Counter => ({
    table: sources,
    key: source,
    limit: limits.source,
  })

  /** On which an attempt is counted. */
  function countersOf(place: Place, isKnown: boolean): readonly Counter[] {
    if (isKnown) return [pairOf(place)]
    const account = { table: accounts, key: place.account, limit: limits.account }
    return [pairOf(place), sourceOf(place), account]
  }

  function refund(place: Place, isKnown: boolean, at: number): void {
    for (const { table, key, limit } of countersOf(place, isKnown)) {
      table.refund(key, flightCost(limit), at)
    }
  }

  return {
    async begin(place) {
      const at = readClock()
      const isKnown = knownSources.has(place, at)
      const counters = countersOf(place, isKnown)
      const waits = counters.map(({ table, key }) => table.waitOf(key, at))
      const waitMilliseconds = Math.max(...waits)
      if (waitMilliseconds > 0) return { isAdmitted: false, waitMilliseconds }
      for (const { table, key, limit } of counters) table.start(key, flightCost(limit), at)
      return { isAdmitted: true, isKnown }
    },

    async fail(place, { isKnown, hasUser }) {
      const at = readClock()
      for (const { table, key, limit } of countersOf(place, isKnown)) {
        table.charge(key, failureCost(limit) - flightCost(limit), at)
      }
      if (isKnown) sources.charge(place.source, failureCost(limits.source), at)
      else if (hasUser) untoldFailures.add(place.account, at)
    },

    async abandon(place, isKnown) {
      refund(place, isKnown, readClock())
    },

    async succeed(place, isKnown) {
      const at = readClock()
      refund(place, isKnown, at)
      pairs.forget(pairOf(place).key)
      knownSources.add(place, at)
      return !isKnown && untoldFailures.take(place.account, at)
    },
  }
}
