/** What the cases of the contract of `Counts` share. */
import { randomBytes } from 'node:crypto'
import type { Counter, Counts } from '../../../src/auth/accounts/counts.ts'
import type { Case } from '../../storage/contract.ts'

export interface OpenedCounts {
  readonly counts: Counts
  /** Lets at least this much of the store's time go by. */
  readonly pass: (milliseconds: number) => Promise<void>
}

export type CountsCase = Case<OpenedCounts>

/** Three in an hour, for a fresh tag, unless told otherwise. */
export function newCounter(fields: Partial<Counter> = {}): Counter {
  const tag = randomBytes(9).toString('base64url')
  return {
    kind: 'register/source',
    tag,
    limit: 3,
    windowSeconds: 3_600,
    countsWhenFull: false,
    ...fields,
  }
}

/** Counts so often, one after the other. */
export async function countTimes(
  counts: Counts,
  counter: Counter,
  times: number,
): Promise<readonly boolean[]> {
  const answers: boolean[] = []
  for (let time = 0; time < times; time++) answers.push(await counts.count(counter))
  return answers
}
