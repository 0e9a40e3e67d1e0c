/** What costs nothing in the end, and what passes. */
import assert from 'node:assert/strict'
import {
  assertAbout,
  begin,
  type CountersCase,
  failTimes,
  logIn,
  newPlace,
  newTag,
  waitAt,
} from './counters-kit.ts'

const refundCases: readonly CountersCase[] = [
  {
    sentence: 'takes back what was abandoned, however often',
    run: async ({ counters }) => {
      const place = newPlace()

      for (let time = 0; time < 1_050; time++) {
        await counters.abandon(place, await begin(counters, place))
      }

      assert.equal(await waitAt(counters, place), 0)
    },
  },
  {
    sentence: 'takes back what was abandoned in a known place, however often',
    run: async ({ counters }) => {
      const place = newPlace()
      await logIn(counters, place)

      for (let time = 0; time < 150; time++) {
        await counters.abandon(place, await begin(counters, place))
      }

      assert.equal(await waitAt(counters, place), 0)
    },
  },
  {
    sentence: 'takes back no failure by what was abandoned',
    run: async ({ counters }) => {
      const place = newPlace()
      await failTimes(counters, place, 9)

      await counters.abandon(place, await begin(counters, place))
      await failTimes(counters, place, 1)

      assertAbout(await waitAt(counters, place), 1_000)
    },
  },
  {
    sentence: 'gives back the turn of what was abandoned',
    run: async ({ counters, pass }) => {
      const place = newPlace()
      await failTimes(counters, place, 11)
      await pass(2_000)

      await counters.abandon(place, await begin(counters, place))

      assert.equal(await waitAt(counters, place), 0)
    },
  },
  {
    sentence: 'takes back successes from one source, however many users there are',
    run: async ({ counters }) => {
      const source = newTag()

      for (let time = 0; time < 1_050; time++) await logIn(counters, newPlace({ source }))

      assert.equal(await waitAt(counters, newPlace({ source })), 0)
    },
  },
  {
    sentence: 'takes back successes of one user, from however many sources',
    run: async ({ counters }) => {
      const account = newTag()

      for (let time = 0; time < 110; time++) await logIn(counters, newPlace({ account }))

      assert.equal(await waitAt(counters, newPlace({ account })), 0)
    },
  },
  {
    sentence: 'forgets the failures of a pair by its success',
    run: async ({ counters }) => {
      const place = newPlace()
      await failTimes(counters, place, 9)

      await logIn(counters, place)
      await failTimes(counters, place, 9)

      assert.equal(await waitAt(counters, place), 0)
    },
  },
]

const passingCases: readonly CountersCase[] = [
  {
    sentence: 'admits an attempt after the wait that it told',
    run: async ({ counters, pass }) => {
      const place = newPlace()
      await failTimes(counters, place, 11)
      const wait = await waitAt(counters, place)

      await pass(wait)

      assertAbout(wait, 2_000)
      assert.equal(await begin(counters, place), false)
    },
  },
  {
    sentence: 'lets no wait grow by those who do not wait',
    run: async ({ counters }) => {
      const place = newPlace()
      await failTimes(counters, place, 14)
      const wait = await waitAt(counters, place)

      for (let time = 0; time < 50; time++) await counters.begin(place)

      assertAbout(wait, 16_000)
      assert.ok((await waitAt(counters, place)) <= wait)
    },
  },
  {
    sentence: 'forgets a failure with time',
    run: async ({ brief, pass }) => {
      const place = newPlace()
      await failTimes(brief, place, 1)
      const wait = await waitAt(brief, place)

      await pass(3_000)
      await failTimes(brief, place, 1)

      assertAbout(wait, 2_000)
      assertAbout(await waitAt(brief, place), 2_000)
    },
  },
]

export const refundAndPassingCases = [...refundCases, ...passingCases]
