/** How many sessions of a user live, on whichever stores: the contract of `limitSessions`. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { describeCases } from '../../storage/contract.ts'
import { session as purpose } from '../../storage/token-store-kit.ts'
import {
  idsOf,
  type LimitCase,
  nextMillisecond,
  type OpenedLimit,
  userWithLimit,
} from './limit-kit.ts'

const orderCases: readonly LimitCase[] = [
  {
    sentence: 'lets as many live as the limit allows, with where they came from',
    run: async (opened) => {
      const { sub, logInTimes, areAlive } = userWithLimit(opened, 3)

      const logins = await logInTimes(3)

      assert.deepEqual(await areAlive(logins), [true, true, true])
      const listed = await opened.index.list(sub)
      assert.deepEqual(listed.map(({ id }) => id).sort(), idsOf(logins))
      assert.deepEqual(new Set(listed.map(({ source }) => source)), new Set(['192.0.2.1']))
    },
  },
  {
    sentence: 'ends the oldest where none was used since, and tells so',
    run: async (opened) => {
      const { sub, events, logInTimes, areAlive, idsListed } = userWithLimit(opened, 3)

      const logins = await logInTimes(4)

      assert.deepEqual(await areAlive(logins), [false, true, true, true])
      assert.deepEqual(await idsListed(), idsOf(logins.slice(1)))
      const told = events.map(({ type, sub, session, details }) => ({
        type,
        sub,
        session,
        details,
      }))
      const session = logins[0]?.living.id
      assert.deepEqual(told, [
        { type: 'session_ended', sub, session, details: { reason: 'limit' } },
      ])
    },
  },
  {
    sentence: 'ends the one that was not used for the longest time',
    run: async (opened) => {
      const { logInTimes, logIn, use, areAlive, isAlive } = userWithLimit(opened, 3)
      const logins = await logInTimes(3)
      for (const nth of [0, 2]) {
        await use(logins[nth] ?? assert.fail('not logged in'))
        await nextMillisecond()
      }

      const last = await logIn()

      assert.deepEqual(await areAlive(logins), [true, false, true])
      assert.equal(await isAlive(last), true)
    },
  },
  {
    sentence: 'lets the last login alone live where the limit is one',
    run: async (opened) => {
      const { logInTimes, areAlive, idsListed } = userWithLimit(opened, 1)

      const logins = await logInTimes(3)

      assert.deepEqual(await areAlive(logins), [false, false, true])
      assert.deepEqual(await idsListed(), idsOf(logins.slice(2)))
    },
  },
  {
    sentence: 'ends nothing of other users',
    run: async (opened) => {
      const [one, other] = [userWithLimit(opened, 2), userWithLimit(opened, 2)]
      const others = await other.logInTimes(2)

      await one.logInTimes(3)

      assert.deepEqual(await other.areAlive(others), [true, true])
      assert.deepEqual(await other.idsListed(), idsOf(others))
    },
  },
]

const deathCases: readonly LimitCase[] = [
  {
    sentence: 'lets no dead session push a living one out',
    run: async (opened) => {
      const { logInTimes, logIn, isAlive, idsListed } = userWithLimit(opened, 3)
      const [oldest, second, third] = await logInTimes(3)
      assert.ok(oldest !== undefined && second !== undefined && third !== undefined)
      await opened.tokens.revoke(second.key, purpose)
      await opened.tokens.revoke(third.key, purpose)

      const last = await logIn()

      assert.equal(await isAlive(oldest), true)
      assert.deepEqual(await idsListed(), idsOf([oldest, last]))
    },
  },
  {
    sentence: 'begins anew when everything of the user was ended',
    run: async (opened) => {
      const { sub, logInTimes, areAlive } = userWithLimit(opened, 3)
      await logInTimes(3)
      await opened.tokens.revokeSubject(sub, [purpose])

      const logins = await logInTimes(3)

      assert.deepEqual(await areAlive(logins), [true, true, true])
    },
  },
  {
    sentence: 'forgets the dead where they would be too many with the living',
    run: async (opened) => {
      const { sub, logInTimes, idsListed } = userWithLimit(opened, 3)
      await logInTimes(3)
      await opened.tokens.revokeSubject(sub, [purpose])

      const logins = await logInTimes(1)

      assert.deepEqual(await idsListed(), idsOf(logins))
    },
  },
]

const raceCases: readonly LimitCase[] = [
  {
    sentence: 'lets exactly 20 of 40 simultaneous logins live, and lists no others',
    run: async (opened) => {
      const { logIn, areAlive, idsListed } = userWithLimit(opened, 20)

      const logins = await Promise.all(Array.from({ length: 40 }, logIn))

      const alive = await areAlive(logins)
      const living = logins.filter((_, nth) => alive[nth])
      assert.equal(living.length, 20)
      assert.deepEqual(await idsListed(), idsOf(living))
    },
  },
  {
    sentence:
      'lets no more than the limit live of 16 simultaneous logins beside those before, 20 times',
    run: async (opened) => {
      for (let round = 0; round < 20; round++) {
        const { logIn, logInTimes, areAlive, idsListed } = userWithLimit(opened, 4)
        const before = await logInTimes(4)

        const after = await Promise.all(Array.from({ length: 16 }, logIn))

        const logins = [...before, ...after]
        const alive = await areAlive(logins)
        const living = logins.filter((_, nth) => alive[nth])
        assert.equal(living.length, 4, `round ${round}`)
        assert.deepEqual(await idsListed(), idsOf(living))
      }
    },
  },
  {
    sentence: 'lets as many as the limit live of simultaneous logins while all of them are used',
    run: async (opened) => {
      const { logIn, logInTimes, use, areAlive } = userWithLimit(opened, 4)
      const before = await logInTimes(4)

      const [after] = await Promise.all([
        Promise.all(Array.from({ length: 16 }, logIn)),
        ...Array.from({ length: 16 }, (_, nth) => use(before[nth % 4] ?? assert.fail())),
      ])

      const alive = await areAlive([...before, ...after])
      const living = alive.filter((one) => one).length
      assert.equal(living, 4)
    },
  },
]

export const sessionLimitCases: readonly LimitCase[] = [...orderCases, ...deathCases, ...raceCases]

export function sessionLimitContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedLimit>,
): void {
  describeCases(name, sessionLimitCases, open)
}
