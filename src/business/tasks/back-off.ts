const firstMilliseconds = 1_000
const longestMilliseconds = 60_000

/**
 * How long to wait before the next try: twice as long after each, and a random part of it less, so that tasks that failed
 * together do not come back together. `random` is at least 0 and less than 1.
 */
export function backOff(tries: number, random: number): number {
  const whole = Math.min(firstMilliseconds * 2 ** (tries - 1), longestMilliseconds)
  return Math.round(whole * (1 - random / 2))
}
