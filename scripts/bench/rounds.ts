/** Subjects measured by turns, so that what the machine does meanwhile falls on all of them alike. */

export interface Pace {
  readonly rounds: number
  /** Whole seconds: `wrk` knows no others. */
  readonly sliceSeconds: number
}

export const fullPace: Pace = { rounds: 5, sliceSeconds: 2 }
export const quickPace: Pace = { rounds: 3, sliceSeconds: 1 }

export type Slices<Name extends string, Slice> = Readonly<Record<Name, readonly Slice[]>>

/** One slice of each subject per round, forwards and backwards by turns; a first round warms up and is not counted. */
export async function alternate<Name extends string, Slice>(
  { rounds }: Pace,
  subjects: Readonly<Record<Name, () => Promise<Slice>>>,
): Promise<Slices<Name, Slice>> {
  const names = Object.keys(subjects) as Name[] // the keys of a record by `Name`
  const slices = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    Slice[]
  > // likewise
  for (const name of names) await subjects[name]()
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? names : names.toReversed()
    for (const name of order) slices[name].push(await subjects[name]())
  }
  return slices
}

export interface Ratio {
  /** The median over the rounds. */
  readonly value: number
  /** From the least to the greatest, for people. */
  readonly range: string
}

/** How `ours` compares to `theirs`, round by round. */
export function ratio<Slice>(
  ours: readonly Slice[],
  theirs: readonly Slice[],
  pick: (slice: Slice) => number,
): Ratio {
  const ratios = ours.map((slice, round) => pick(slice) / pick(theirs[round] as Slice)) // a slice of each per round
  const [least, greatest] = [Math.min(...ratios), Math.max(...ratios)]
  return { value: median(ratios), range: `${least.toFixed(2)}–${greatest.toFixed(2)}` }
}

export function medianOf<Slice>(slices: readonly Slice[], pick: (slice: Slice) => number): number {
  return median(slices.map(pick))
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length / 2
  const pair = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return pair.reduce<number>((sum, value) => sum + (value ?? Number.NaN), 0) / 2
}
