/** From where an account is known, and what that changes. */
import assert from 'node:assert/strict'
import {
  assertAbout,
  begin,
  type CountersCase,
  failAt,
  failTimes,
  logIn,
  newPlace,
  newTag,
  several,
  waitAt,
} from './counters-kit.ts'

export const placeCases: readonly CountersCase[] = [
  {
    sentence: 'knows a source after a success of the account from there, and no other',
    run: async ({ counters }) => {
      const home = newPlace()
      const isKnownAtFirst = await begin(counters, home)

      await counters.succeed(home, isKnownAtFirst)

      assert.equal(isKnownAtFirst, false)
      assert.equal(await begin(counters, home), true)
      assert.equal(await begin(counters, newPlace({ account: home.account })), false)
      assert.equal(await begin(counters, newPlace({ source: home.source })), false)
    },
  },
  {
    sentence: 'knows no source by a failure, nor by what was abandoned',
    run: async ({ counters }) => {
      const place = newPlace()

      await failTimes(counters, place, 1)
      await counters.abandon(place, await begin(counters, place))

      assert.equal(await begin(counters, place), false)
    },
  },
  {
    sentence: 'admits from a known source however strangers hammer the account',
    run: async ({ counters }) => {
      const home = newPlace()
      const strangers = several(90, () => newPlace({ account: home.account }))
      await logIn(counters, home)

      await failAt(counters, strangers)

      assert.equal(await begin(counters, home), true)
      assert.notEqual(await waitAt(counters, newPlace({ account: home.account })), 0)
    },
  },
  {
    sentence: 'admits to a known account however strangers hammer others from the same source',
    run: async ({ counters }) => {
      const home = newPlace()
      const neighbours = several(300, () => newPlace({ source: home.source }))
      await logIn(counters, home)

      await failAt(counters, neighbours)

      assert.equal(await begin(counters, home), true)
      assert.notEqual(await waitAt(counters, newPlace({ source: home.source })), 0)
    },
  },
  {
    sentence: 'slows the pair in a known place like any other',
    run: async ({ counters }) => {
      const home = newPlace()
      await logIn(counters, home)

      await failTimes(counters, home, 12)

      assertAbout(await waitAt(counters, home), 4_000)
    },
  },
  {
    sentence: 'counts no failure in a known place for the account as a whole',
    run: async ({ counters }) => {
      const home = newPlace()
      await logIn(counters, home)

      await failTimes(counters, home, 90)

      await begin(counters, newPlace({ account: home.account }))
      assert.equal(await waitAt(counters, newPlace({ account: home.account })), 0)
    },
  },
  {
    sentence: 'counts a failure in a known place for its source',
    run: async ({ counters }) => {
      const source = newTag()
      const neighbours = several(10, () => newPlace({ source }))
      for (const neighbour of neighbours) await logIn(counters, neighbour)

      for (const neighbour of neighbours) await failTimes(counters, neighbour, 10)

      await begin(counters, newPlace({ source })) // has its turn, for no stranger was there before
      assertAbout(await waitAt(counters, newPlace({ source })), 1_000)
    },
  },
  {
    sentence: 'knows twenty sources of an account, and forgets the one without a login for longest',
    run: async ({ counters }) => {
      const account = newTag()
      const [first = newPlace(), second = newPlace(), ...others] = several(21, () =>
        newPlace({ account }),
      )
      const last = others.pop() ?? assert.fail()
      for (const place of [first, second, ...others]) await logIn(counters, place)
      await logIn(counters, first)

      await logIn(counters, last)

      assert.equal(await begin(counters, second), false)
      for (const place of [first, ...others, last]) assert.equal(await begin(counters, place), true)
    },
  },
  {
    sentence: 'knows a source no longer when its time is over',
    run: async ({ brief, pass }) => {
      const home = newPlace()
      await logIn(brief, home)
      const isKnownBefore = await begin(brief, home)

      await pass(2_000)

      assert.equal(isKnownBefore, true)
      assert.equal(await begin(brief, home), false)
    },
  },
]
