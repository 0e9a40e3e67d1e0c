/** The sieve of Eratosthenes over odd numbers, a part at a time: `2i + 1` stands at `i`. */

const partLength = 1 << 18

/** How many primes there are below a number. Takes a few seconds for a milliard; `tell` gets the percents that are done. */
export function countPrimes(below: number, tell: (percent: number) => void): number {
  if (below <= 2) return 0
  const primes = oddPrimesTo(Math.floor(Math.sqrt(below)))
  /** Of each prime, the place of its next multiple. */
  const places = primes.map((prime) => (prime * prime - 1) / 2)
  const end = Math.floor(below / 2)
  const isMultiple = new Uint8Array(partLength)
  let count = 0
  let told = 0
  for (let start = 0; start < end; start += partLength) {
    const length = Math.min(partLength, end - start)
    isMultiple.fill(0)
    for (const [index, prime] of primes.entries()) {
      let place = (places[index] ?? end) - start
      for (; place < length; place += prime) isMultiple[place] = 1
      places[index] = place + start
    }
    for (let place = 0; place < length; place++) if (isMultiple[place] === 0) count++
    const percent = Math.floor(((start + length) / end) * 100)
    if (percent > told) tell(percent)
    told = percent
  }
  return count // 1 was counted, which is no prime, and 2 was not, which is one
}

function oddPrimesTo(most: number): number[] {
  const isMultiple = new Uint8Array(most + 1)
  const primes: number[] = []
  for (let number = 3; number <= most; number += 2) {
    if (isMultiple[number] === 1) continue
    primes.push(number)
    for (let multiple = number * number; multiple <= most; multiple += number)
      isMultiple[multiple] = 1
  }
  return primes
}
