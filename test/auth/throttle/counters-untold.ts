/** Of which failures a user is still to be told, and by which success he is. */
import assert from 'node:assert/strict'
import {
  begin,
  type CountersCase,
  failTimes,
  logIn,
  newPlace,
  newTag,
  several,
} from './counters-kit.ts'

const tellingCases: readonly CountersCase[] = [
  {
    sentence: 'tells a success in a new place of failures in another, once',
    run: async ({ counters }) => {
      const account = newTag()
      await failTimes(counters, newPlace({ account }), 3)

      assert.equal(await logIn(counters, newPlace({ account })), true)
      assert.equal(await logIn(counters, newPlace({ account })), false)
    },
  },
  {
    sentence: 'tells a success in a new place of failures in that very place',
    run: async ({ counters }) => {
      const place = newPlace()
      await failTimes(counters, place, 1)

      assert.equal(await logIn(counters, place), true)
    },
  },
  {
    sentence: 'tells of failures that come after those that were told',
    run: async ({ counters }) => {
      const account = newTag()
      await failTimes(counters, newPlace({ account }), 1)
      await logIn(counters, newPlace({ account }))

      await failTimes(counters, newPlace({ account }), 1)

      assert.equal(await logIn(counters, newPlace({ account })), true)
    },
  },
  {
    sentence: 'tells of no failure where there was none',
    run: async ({ counters }) => {
      const [account, source] = [newTag(), newTag()]
      await failTimes(counters, newPlace({ source }), 1)

      assert.equal(await logIn(counters, newPlace({ account, source })), false)
    },
  },
  {
    sentence: 'tells one of 16 simultaneous successes',
    run: async ({ counters }) => {
      const place = newPlace()
      await failTimes(counters, newPlace({ account: place.account }), 1)
      await Promise.all(several(16, () => begin(counters, place)))

      const told = await Promise.all(several(16, () => counters.succeed(place, false)))

      assert.deepEqual(told.filter(Boolean), [true])
    },
  },
]

const keepingCases: readonly CountersCase[] = [
  {
    sentence: 'tells no success in a known place of failures elsewhere, and keeps them untold',
    run: async ({ counters }) => {
      const home = newPlace()
      await logIn(counters, home)
      await failTimes(counters, newPlace({ account: home.account }), 3)

      const told = [await logIn(counters, home), await logIn(counters, home)]

      assert.deepEqual(told, [false, false])
      assert.equal(await logIn(counters, newPlace({ account: home.account })), true)
    },
  },
  {
    sentence: 'has nothing to tell of failures in a known place',
    run: async ({ counters }) => {
      const home = newPlace()
      await logIn(counters, home)

      await failTimes(counters, home, 3)

      assert.equal(await logIn(counters, newPlace({ account: home.account })), false)
    },
  },
  {
    sentence: 'has nothing to tell of what was abandoned',
    run: async ({ counters }) => {
      const place = newPlace()

      await counters.abandon(place, await begin(counters, place))

      assert.equal(await logIn(counters, place), false)
    },
  },
  {
    sentence: 'keeps nothing untold for a name that nobody has',
    run: async ({ counters }) => {
      const place = newPlace()

      await counters.fail(place, { isKnown: await begin(counters, place), hasUser: false })

      assert.equal(await logIn(counters, place), false)
    },
  },
  {
    sentence: 'keeps no failure untold when its time is over',
    run: async ({ brief, pass }) => {
      const account = newTag()
      await failTimes(brief, newPlace({ account }), 1)

      await pass(2_000)

      assert.equal(await logIn(brief, newPlace({ account })), false)
    },
  },
]

export const untoldCases = [...tellingCases, ...keepingCases]
