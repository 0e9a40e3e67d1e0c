/** What the cases of the contract of `AttemptCounters` share. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { AttemptCounters, Place } from '../../../src/auth/throttle/attempt-counters.ts'
import { type Limits, limits } from '../../../src/auth/throttle/limits.ts'
import type { Case } from '../../storage/contract.ts'

export interface OpenedCounters {
  /** With the limits that the server has. */
  readonly counters: AttemptCounters
  /** With `briefLimits`, for cases that wait. They share nothing with the others but the store. */
  readonly brief: AttemptCounters
  /** Lets at least this much of the store's time go by. */
  readonly pass: (milliseconds: number) => Promise<void>
}

export type CountersCase = Case<OpenedCounters>

const wide = { freeFailures: 100, freeFlights: 1_000, longestWaitMilliseconds: 3_000 }

export const briefLimits: Limits = {
  ...limits,
  pair: { freeFailures: 1, freeFlights: 1, longestWaitMilliseconds: 3_000 },
  source: wide,
  account: wide,
  knownForMilliseconds: 2_000,
  untoldForMilliseconds: 2_000,
}

/** A digest as a place has them. */
export function newTag(): string {
  return randomBytes(9).toString('base64url')
}

/** A fresh account from a fresh source, unless told otherwise. */
export function newPlace(fields: Partial<Place> = {}): Place {
  return { account: newTag(), source: newTag(), ...fields }
}

export function several<T>(count: number, make: () => T): readonly T[] {
  return Array.from({ length: count }, make)
}

/** Begins an attempt that must be admitted, and answers whether its source was known. */
export async function begin(counters: AttemptCounters, place: Place): Promise<boolean> {
  const verdict = await counters.begin(place)
  assert.ok(verdict.isAdmitted, 'an attempt is refused that must be admitted')
  return verdict.isKnown
}

/** Somebody's password was wrong at each place. All begin before one fails: as many wrong passwords as can be counted in no time. */
export async function failAt(counters: AttemptCounters, places: readonly Place[]): Promise<void> {
  const attempts = await inLots(places, async (place) => ({
    place,
    isKnown: await begin(counters, place),
  }))
  await inLots(attempts, ({ place, isKnown }) => counters.fail(place, { isKnown, hasUser: true }))
}

/** A store may take no more at once than it answers in time, also on a slow machine. */
export async function inLots<T, R>(
  all: readonly T[],
  act: (one: T) => Promise<R>,
): Promise<readonly R[]> {
  const answers: R[] = []
  for (let start = 0; start < all.length; start += 50) {
    answers.push(...(await Promise.all(all.slice(start, start + 50).map(act))))
  }
  return answers
}

export async function failTimes(
  counters: AttemptCounters,
  place: Place,
  count: number,
): Promise<void> {
  await failAt(
    counters,
    several(count, () => place),
  )
}

/** Answers whether there were failures to be told of. */
export async function logIn(counters: AttemptCounters, place: Place): Promise<boolean> {
  return await counters.succeed(place, await begin(counters, place))
}

/** How long the next attempt must wait; 0 where it is admitted, and then it is taken back. */
export async function waitAt(counters: AttemptCounters, place: Place): Promise<number> {
  const verdict = await counters.begin(place)
  if (!verdict.isAdmitted) return verdict.waitMilliseconds
  await counters.abandon(place, verdict.isKnown)
  return 0
}

/** Of a wait that has not ended yet, and began at most two seconds ago: slow machines need time. */
export function assertAbout(milliseconds: number, expected: number): void {
  assert.ok(
    milliseconds > Math.max(0, expected - 2_000) && milliseconds <= expected,
    `a wait of ${milliseconds} ms instead of ${expected} ms`,
  )
}
