/** What a scenario is, and what it hands back. */
import type { Pace } from './rounds.ts'

export interface Scenario {
  readonly name: string
  /** More than it needs at a full run; then it is given up. */
  readonly limitSeconds: number
  run(options: ScenarioOptions): Promise<Findings>
}

export interface ScenarioOptions {
  readonly pace: Pace
  /** Only these numbers of connections; missing where none were named. */
  readonly connections: readonly number[] | undefined
}

export interface Findings {
  readonly figures: readonly Figure[]
  /** What the figures were made from, for the JSON file. */
  readonly raw: unknown
}

export interface Figure {
  readonly name: string
  readonly value: number
  /** Empty for a ratio. */
  readonly unit: string
  /** Missing where there is nothing to reach. */
  readonly goal?: { readonly atLeast: number } | { readonly atMost: number }
  /** What the value was made from, for people. */
  readonly detail?: string
}

/** `undefined` where there is no goal. */
export function isReached({ value, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost
}
