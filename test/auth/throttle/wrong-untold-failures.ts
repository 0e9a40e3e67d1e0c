/** Counters that are wrong about what a user is still to be told of. */
import { newPlace } from './counters-kit.ts'
import { openMemoryCounters } from './open-memory.ts'
import { flaw, type Spoil, together } from './wrong-counters-kit.ts'

const elsewhere = { isKnown: false, hasUser: true }

/** Changes what a success is told, by whether there was a failure from its source, whosever it was. */
function telling(change: (isUntold: boolean, hasFailedHere: boolean) => boolean): Spoil {
  return (right) => {
    const failed = new Set<string>()
    return {
      fail: async (place, failure) => {
        failed.add(place.source)
        await right.fail(place, failure)
      },
      succeed: async (place, isKnown) =>
        change(await right.succeed(place, isKnown), failed.has(place.source)),
    }
  }
}

export const wrongUntoldFailures = [
  flaw(
    'tells of failures where the success is, and of no others',
    'tells a success in a new place of failures in another, once',
    telling((isUntold, hasFailedHere) => isUntold && hasFailedHere),
  ),
  flaw(
    'forgets the failures in a place before it tells of them',
    'tells a success in a new place of failures in that very place',
    telling((isUntold, hasFailedHere) => isUntold && !hasFailedHere),
  ),
  flaw(
    'tells each user once and never again',
    'tells of failures that come after those that were told',
    (right) => {
      const told = new Set<string>()
      return {
        succeed: async (place, isKnown) => {
          const isTold = told.has(place.account)
          told.add(place.account)
          return (await right.succeed(place, isKnown)) && !isTold
        },
      }
    },
  ),
  flaw(
    'tells of failures from one source, whosever they were',
    'tells of no failure where there was none',
    telling((isUntold, hasFailedHere) => isUntold || hasFailedHere),
  ),
  flaw(
    'looks whether there is something untold, and forgets it after',
    'tells one of 16 simultaneous successes',
    (right) => ({
      succeed: together(
        (place, isKnown: boolean) => right.succeed(place, isKnown),
        (present) => present,
      ),
    }),
  ),
  flaw(
    'forgets by a success in a known place',
    'tells no success in a known place of failures elsewhere, and keeps them untold',
    (right) => ({
      succeed: async (place, isKnown) => {
        const told = await right.succeed(place, isKnown)
        if (isKnown) await right.succeed(newPlace({ account: place.account }), false)
        return told
      },
    }),
  ),
  flaw(
    'tells in a known place, too',
    'tells no success in a known place of failures elsewhere, and keeps them untold',
    (right) => ({ succeed: (place) => right.succeed(place, false) }),
  ),
  flaw(
    'takes each failure for one in a new place',
    'has nothing to tell of failures in a known place',
    (right) => ({ fail: (place) => right.fail(place, elsewhere) }),
  ),
  flaw(
    'takes what was abandoned for a failure',
    'has nothing to tell of what was abandoned',
    (right) => ({ abandon: (place) => right.fail(place, elsewhere) }),
  ),
  flaw(
    'remembers names that nobody has',
    'keeps nothing untold for a name that nobody has',
    (right) => ({
      fail: (place, { isKnown }) => right.fail(place, { isKnown, hasUser: true }),
    }),
  ),
  {
    ...flaw(
      'remembers failures for ever',
      'keeps no failure untold when its time is over',
      () => ({}),
    ),
    open: async () => ({ ...(await openMemoryCounters()), pass: async () => {} }),
  },
]
