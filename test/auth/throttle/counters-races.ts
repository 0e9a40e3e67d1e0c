/** What only shows when several come at once. */
import assert from 'node:assert/strict'
import {
  assertAbout,
  begin,
  type CountersCase,
  failTimes,
  inLots,
  newPlace,
  newTag,
  several,
  waitAt,
} from './counters-kit.ts'

const stranger = { isKnown: false, hasUser: false }

export const raceCases: readonly CountersCase[] = [
  {
    sentence: 'counts each of 16 simultaneous failures',
    run: async ({ counters }) => {
      const place = newPlace()
      await Promise.all(several(16, () => begin(counters, place)))

      await Promise.all(several(16, () => counters.fail(place, stranger)))

      assertAbout(await waitAt(counters, place), 64_000)
    },
  },
  {
    sentence: 'admits a hundred simultaneous attempts of a pair, and not one more',
    run: async ({ counters }) => {
      const place = newPlace()

      const verdicts = await Promise.all(several(116, () => counters.begin(place)))

      assert.equal(verdicts.filter(({ isAdmitted }) => isAdmitted).length, 100)
    },
  },
  {
    sentence: 'admits a hundred simultaneous attempts of an account, from wherever they come',
    run: async ({ counters }) => {
      const account = newTag()

      const verdicts = await Promise.all(several(116, () => counters.begin(newPlace({ account }))))

      assert.equal(verdicts.filter(({ isAdmitted }) => isAdmitted).length, 100)
    },
  },
  {
    sentence:
      'admits a thousand simultaneous attempts from a source, and counts none of the others',
    run: async ({ counters }) => {
      const source = newTag()
      await inLots(
        several(960, () => newPlace({ source })),
        (place) => begin(counters, place),
      )
      const places = several(56, () => newPlace({ source }))

      const verdicts = await Promise.all(places.map((place) => counters.begin(place)))

      const refused = places.filter((_, index) => verdicts[index]?.isAdmitted === false)
      assert.equal(refused.length, 16)
      const { account } = refused[0] ?? assert.fail()
      const elsewhere = await Promise.all(several(116, () => counters.begin(newPlace({ account }))))
      assert.equal(elsewhere.filter(({ isAdmitted }) => isAdmitted).length, 100)
    },
  },
  {
    sentence: 'admits exactly one of 16 who have waited',
    run: async ({ counters, pass }) => {
      const place = newPlace()
      await failTimes(counters, place, 11)
      await pass(2_000)

      const verdicts = await Promise.all(several(16, () => counters.begin(place)))

      assert.equal(verdicts.filter(({ isAdmitted }) => isAdmitted).length, 1)
    },
  },
]
