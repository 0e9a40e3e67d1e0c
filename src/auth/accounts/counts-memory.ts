/**
 * Counts in the memory of one process. A restart forgets them.
 *
 * Strangers choose what is counted, so of each kind only so many counters are kept, and of more the one that began first
 * goes. To push one out takes so many others: those of an hour's flood from 200 IPv4 addresses, or from four
 * providers of IPv6.
 */
import type { Counter, Counts } from './counts.ts'

export interface MemoryCountsOptions {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Of each kind. */
  readonly maxCounters?: number
}

interface Count {
  readonly count: number
  readonly endsAt: number
}

export function memoryCounts({ now, maxCounters = 20_000 }: MemoryCountsOptions): Counts {
  /** Those of a kind in the order in which they began, so the first to end is in front. */
  const kinds = new Map<string, Map<string, Count>>()

  function countsOf(kind: string): Map<string, Count> {
    const counts = kinds.get(kind) ?? new Map<string, Count>()
    kinds.set(kind, counts)
    return counts
  }

  function find({ kind, tag }: Counter): Count | undefined {
    const found = kinds.get(kind)?.get(tag)
    return found !== undefined && now() < found.endsAt ? found : undefined
  }

  function begin({ kind, tag, windowSeconds }: Counter): void {
    const counts = countsOf(kind)
    counts.delete(tag)
    counts.set(tag, { count: 1, endsAt: now() + windowSeconds * 1000 })
    for (const [first, { endsAt }] of counts) {
      if (now() < endsAt && counts.size <= maxCounters) return
      counts.delete(first)
    }
  }

  return {
    async count(counter) {
      const found = find(counter)
      if (found === undefined) begin(counter)
      else if (found.count >= counter.limit) return false
      else countsOf(counter.kind).set(counter.tag, { ...found, count: found.count + 1 })
      return true
    },
    async takeBack(counter) {
      const found = find(counter)
      if (found === undefined) return
      const { kind, tag } = counter
      if (found.count === 1) countsOf(kind).delete(tag)
      else countsOf(kind).set(tag, { ...found, count: found.count - 1 })
    },
  }
}
