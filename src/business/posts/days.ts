/** UTC days as they are written (`YYYY-MM-DD`), and as they are counted (since 1970). */

const millisecondsPerDay = 86_400_000

export function dayNumber(written: string): number {
  return Date.parse(`${written}T00:00:00Z`) / millisecondsPerDay
}

export function writtenDay(number: number): string {
  return new Date(number * millisecondsPerDay).toISOString().slice(0, 10)
}

/** Of an instant in epoch milliseconds. */
export function dayOf(at: number): number {
  return Math.floor(at / millisecondsPerDay)
}
