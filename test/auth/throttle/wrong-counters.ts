/** Counters with one flaw each. */
import type { Failure, Verdict } from '../../../src/auth/throttle/attempt-counters.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import { newPlace, newTag, type OpenedCounters } from './counters-kit.ts'
import { openMemoryCounters } from './open-memory.ts'
import { flaw, type Spoil, together } from './wrong-counters-kit.ts'
import { wrongUntoldFailures } from './wrong-untold-failures.ts'

const stranger = { isKnown: false, hasUser: false }

/** Changes the waits that are told. */
function waiting(change: (milliseconds: number) => number): Spoil {
  return (right) => ({
    begin: async (place) => {
      const verdict = await right.begin(place)
      return verdict.isAdmitted
        ? verdict
        : { isAdmitted: false, waitMilliseconds: change(verdict.waitMilliseconds) }
    },
  })
}

const races = [
  flaw(
    'reads a counter, and writes what it has read and one more',
    'counts each of 16 simultaneous failures',
    (right) => ({
      fail: together(
        (place, failure: Failure) => right.fail(place, failure),
        async () => {},
      ),
    }),
  ),
  flaw('looks first and counts after', 'admits exactly one of 16 who have waited', (right) => ({
    begin: together(
      (place) => right.begin(place),
      (present): Promise<Verdict> => present,
    ),
  })),
  flaw(
    'counts only what has failed',
    'admits a hundred simultaneous attempts of a pair, and not one more',
    (right) => ({
      begin: async (place) => {
        const [verdict] = await Promise.all([right.begin(place), right.abandon(place, false)])
        return verdict
      },
    }),
  ),
]

const refunds = [
  flaw(
    'refunds nothing that was abandoned',
    'takes back what was abandoned, however often',
    () => ({ abandon: async () => {} }),
  ),
  flaw(
    'takes what was abandoned for a success',
    'takes back no failure by what was abandoned',
    (right) => ({ abandon: async (place, isKnown) => void (await right.succeed(place, isKnown)) }),
  ),
  flaw(
    'refunds no success',
    'takes back successes from one source, however many users there are',
    (right) => ({
      succeed: async (place, isKnown) => {
        const answer = await right.succeed(place, isKnown)
        await right.begin(newPlace({ source: place.source }))
        return answer
      },
    }),
  ),
  flaw(
    'refunds no success to the account',
    'takes back successes of one user, from however many sources',
    (right) => ({
      succeed: async (place, isKnown) => {
        const answer = await right.succeed(place, isKnown)
        await right.begin(newPlace({ account: place.account }))
        return answer
      },
    }),
  ),
  flaw(
    'keeps the failures of a pair in spite of its success',
    'forgets the failures of a pair by its success',
    (right) => {
      let failures = 0
      return {
        fail: async (place, failure) => {
          failures++
          await right.fail(place, failure)
        },
        succeed: async (place, isKnown) => {
          const answer = await right.succeed(place, isKnown)
          const failure = { isKnown: true, hasUser: true }
          for (let time = 0; time < failures; time++) await right.fail(place, failure)
          return answer
        },
      }
    },
  ),
  flaw(
    'clears a source by a success from there',
    'does not forget the failures of a source by a success from there',
    (right) => ({
      succeed: async (place, isKnown) => {
        const answer = await right.succeed(place, isKnown)
        const { source } = place
        for (let time = 0; time < 1_000; time++) await right.abandon(newPlace({ source }), false)
        return answer
      },
    }),
  ),
]

const waits = [
  flaw(
    'lets the wait for an account grow without end',
    'slows an account by at most a minute',
    waiting((milliseconds) => (milliseconds > 30_000 ? milliseconds * 60 : milliseconds)),
  ),
  flaw(
    'always lets wait for a second',
    'doubles the wait with each further failure',
    waiting((milliseconds) => Math.min(milliseconds, 1_000)),
  ),
  flaw('counts those who do not wait', 'lets no wait grow by those who do not wait', (right) => ({
    begin: async (place) => {
      const verdict = await right.begin(place)
      if (!verdict.isAdmitted) await right.fail(place, stranger)
      return verdict
    },
  })),
  {
    ...flaw('never forgets a failure', 'forgets a failure with time', () => ({})),
    open: async () => ({ ...(await openMemoryCounters()), pass: async () => {} }),
  },
]

const places = [
  flaw(
    'counts failures in known places for the account',
    'counts no failure in a known place for the account as a whole',
    (right) => ({
      fail: async (place, failure) => {
        await right.fail(place, failure)
        if (failure.isKnown) await right.fail(newPlace({ account: place.account }), stranger)
      },
    }),
  ),
  flaw(
    'slows an account where it is known, too',
    'admits from a known source however strangers hammer the account',
    (right) => ({
      begin: async (place) => {
        const stranger = await right.begin(newPlace({ account: place.account }))
        return stranger.isAdmitted ? await right.begin(place) : stranger
      },
    }),
  ),
  flaw(
    'slows a known user with his source',
    'admits to a known account however strangers hammer others from the same source',
    (right) => ({
      begin: async (place) => {
        const stranger = await right.begin(newPlace({ source: place.source }))
        return stranger.isAdmitted ? await right.begin(place) : stranger
      },
    }),
  ),
  flaw(
    'counts failures in known places for the pair alone',
    'counts a failure in a known place for its source',
    (right) => ({
      fail: (place, failure) =>
        right.fail({ ...place, source: failure.isKnown ? newTag() : place.source }, failure),
    }),
  ),
  flaw(
    'knows a source for all accounts',
    'knows a source after a success of the account from there, and no other',
    (right) => {
      const known = new Set<string>()
      return {
        begin: async (place) => {
          const verdict = await right.begin(place)
          return verdict.isAdmitted ? { ...verdict, isKnown: known.has(place.source) } : verdict
        },
        succeed: async (place, isKnown) => {
          known.add(place.source)
          return await right.succeed(place, isKnown)
        },
      }
    },
  ),
  flaw(
    'knows a source where a password was wrong',
    'knows no source by a failure, nor by what was abandoned',
    (right) => ({ fail: async (place, { isKnown }) => void (await right.succeed(place, isKnown)) }),
  ),
  {
    ...flaw(
      'knows a source for ever',
      'knows a source no longer when its time is over',
      () => ({}),
    ),
    open: async () => ({ ...(await openMemoryCounters()), pass: async () => {} }),
  },
]

export const wrongCounters: readonly Flaw<OpenedCounters>[] = [
  ...races,
  ...refunds,
  ...waits,
  ...places,
  ...wrongUntoldFailures,
]
