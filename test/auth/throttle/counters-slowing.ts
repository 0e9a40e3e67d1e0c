/** What is slowed, after how much, and how far. */
import assert from 'node:assert/strict'
import {
  assertAbout,
  type CountersCase,
  failAt,
  failTimes,
  logIn,
  newPlace,
  newTag,
  several,
  waitAt,
} from './counters-kit.ts'

const minute = 60_000

const pairCases: readonly CountersCase[] = [
  {
    sentence: 'admits ten wrong passwords for an account from a source, and lets the next one wait',
    run: async ({ counters }) => {
      const place = newPlace()

      for (let time = 0; time < 10; time++) await failTimes(counters, place, 1)

      assertAbout(await waitAt(counters, place), 1_000)
    },
  },
  {
    sentence: 'doubles the wait with each further failure',
    run: async ({ counters }) => {
      const [eleven, twelve, sixteen] = [newPlace(), newPlace(), newPlace()]
      await failTimes(counters, eleven, 11)
      await failTimes(counters, twelve, 12)
      await failTimes(counters, sixteen, 16)

      assertAbout(await waitAt(counters, eleven), 2_000)
      assertAbout(await waitAt(counters, twelve), 4_000)
      assertAbout(await waitAt(counters, sixteen), 64_000)
    },
  },
  {
    sentence: 'lets nobody wait for more than 15 minutes',
    run: async ({ counters }) => {
      const place = newPlace()

      await failTimes(counters, place, 90)

      assertAbout(await waitAt(counters, place), 15 * minute)
    },
  },
  {
    sentence: 'leaves other accounts and other sources alone',
    run: async ({ counters }) => {
      const place = newPlace()

      await failTimes(counters, place, 15)

      assert.equal(await waitAt(counters, newPlace({ account: place.account })), 0)
      assert.equal(await waitAt(counters, newPlace({ source: place.source })), 0)
    },
  },
]

const sourceCases: readonly CountersCase[] = [
  {
    sentence: 'slows a source after a hundred failures, whatever accounts it tries',
    run: async ({ counters }) => {
      const source = newTag()

      await failAt(
        counters,
        several(100, () => newPlace({ source })),
      )

      assertAbout(await waitAt(counters, newPlace({ source })), 1_000)
      assert.equal(await waitAt(counters, newPlace()), 0)
    },
  },
  {
    sentence: 'slows a source by at most a minute',
    run: async ({ counters }) => {
      const source = newTag()

      await failAt(
        counters,
        several(300, () => newPlace({ source })),
      )

      assertAbout(await waitAt(counters, newPlace({ source })), minute)
    },
  },
  {
    sentence: 'does not forget the failures of a source by a success from there',
    run: async ({ counters }) => {
      const source = newTag()
      const own = newPlace({ source })
      await failAt(
        counters,
        several(99, () => newPlace({ source })),
      )

      for (let time = 0; time < 5; time++) await logIn(counters, own)
      await failTimes(counters, newPlace({ source }), 1)

      assertAbout(await waitAt(counters, newPlace({ source })), 1_000)
    },
  },
]

const accountCases: readonly CountersCase[] = [
  {
    sentence: 'slows an account after twenty failures, from whatever sources they come',
    run: async ({ counters }) => {
      const account = newTag()

      await failAt(
        counters,
        several(20, () => newPlace({ account })),
      )

      assertAbout(await waitAt(counters, newPlace({ account })), 1_000)
      assert.equal(await waitAt(counters, newPlace()), 0)
    },
  },
  {
    sentence: 'slows an account by at most a minute',
    run: async ({ counters }) => {
      const account = newTag()

      await failAt(
        counters,
        several(90, () => newPlace({ account })),
      )

      assertAbout(await waitAt(counters, newPlace({ account })), minute)
    },
  },
  {
    sentence: 'does not forget what strangers failed by a success of the user',
    run: async ({ counters }) => {
      const account = newTag()
      await failAt(
        counters,
        several(19, () => newPlace({ account })),
      )

      await logIn(counters, newPlace({ account }))
      await failTimes(counters, newPlace({ account }), 1)

      assertAbout(await waitAt(counters, newPlace({ account })), 1_000)
    },
  },
]

export const slowingCases = [...pairCases, ...sourceCases, ...accountCases]
