import type { Census } from '../ports.ts'

/** What the script has counted in a part of the keys, inferred for all of them. */
export function readCensus(answer: unknown): Census {
  const [total, seen, ...rest] = answer as [number, number, ...(string | number)[]] // as the script answers
  const counts: Record<string, number> = {}
  for (let index = 0; index < rest.length; index += 2) {
    const inferred = (Number(rest[index + 1]) * total) / seen
    counts[String(rest[index])] = Math.round(inferred)
  }
  return { counts, isSampled: seen < total }
}
