/** What only shows when several come at once. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import {
  type FamiliesCase,
  isAlive,
  markOf,
  newFamily,
  openFamily,
  refreshPurpose,
  rotate,
} from './families-kit.ts'

const rounds = 50
const callers = Array.from({ length: 16 }, (_, index) => index)

export const familyRaceCases: readonly FamiliesCase[] = [
  {
    sentence: 'rotates for one of 16 simultaneous presenters, and the others get its answer',
    run: async ({ families }) => {
      for (let round = 0; round < rounds; round++) {
        const family = await openFamily(families)

        const outcomes = await Promise.all(
          callers.map((caller) =>
            rotate(families, family, family.tokenHash, { sealedAnswer: `answer ${caller}` }),
          ),
        )

        const winner = outcomes.findIndex(({ kind }) => kind === 'rotated')
        const expected = callers.map((caller) =>
          caller === winner
            ? { kind: 'rotated' }
            : { kind: 'repeat', sealedAnswer: `answer ${winner}` },
        )
        assert.deepEqual(outcomes, expected, `round ${round}`)
        assert.equal((await families.peek([family.place]))[0]?.rotations, 1)
      }
    },
  },
  {
    sentence:
      'rotates for one of 16 simultaneous presenters without a window, and the next one kills',
    run: async ({ families }) => {
      for (let round = 0; round < rounds; round++) {
        const family = await openFamily(families)

        const outcomes = await Promise.all(
          callers.map(() => rotate(families, family, family.tokenHash, { retrySeconds: 0 })),
        )

        const kinds = outcomes.map(({ kind }) => kind).sort()
        const expected = ['reused', 'rotated', ...Array(14).fill('unknown')]
        assert.deepEqual(kinds, expected, `round ${round}`)
        assert.equal(await isAlive(families, family), false)
      }
    },
  },
  {
    sentence: 'lets no simultaneous rotation save a family from its end',
    run: async ({ families }) => {
      for (let round = 0; round < rounds; round++) {
        const family = await openFamily(families)
        const present = () => rotate(families, family, family.tokenHash)
        const kill = () => families.kill(family.place)
        const acts = [present, kill, present, present]

        await Promise.all(inTurn<unknown>(acts, round).map((act) => act()))

        assert.equal(await isAlive(families, family), false, `round ${round}`)
        assert.deepEqual(await present(), { kind: 'unknown' })
      }
    },
  },
  {
    sentence: 'lets no simultaneous rotation save a family from the end of all of its subject',
    run: async ({ families, tokens }) => {
      for (let round = 0; round < rounds; round++) {
        const family = await openFamily(families)
        const present = () => rotate(families, family, family.tokenHash)
        const end = () => tokens.revokeSubject(family.sub, [refreshPurpose])

        await Promise.all(inTurn<unknown>([end, present, present], round).map((act) => act()))

        assert.equal(await isAlive(families, family), false, `round ${round}`)
        assert.deepEqual(await present(), { kind: 'unknown' })
      }
    },
  },
  {
    sentence: 'leaves nothing alive of the logins that were under way when a subject was ended',
    run: async ({ families, tokens }) => {
      for (let round = 0; round < rounds; round++) {
        const sub = randomUUID()
        const mark = await markOf(tokens, sub)
        const begun = [1, 2, 3].map(() => newFamily({ sub, mark }))
        const acts = [
          () => tokens.revokeSubject(sub, [refreshPurpose]),
          ...begun.map((family) => () => families.open(family)),
        ]

        await Promise.all(inTurn<unknown>(acts, round).map((act) => act()))

        for (const family of begun) assert.equal(await isAlive(families, family), false)
      }
    },
  },
  {
    sentence:
      'lets 16 simultaneous logins and one after them leave no more than a subject may have',
    run: async ({ families }) => {
      const sub = randomUUID()
      const begun = callers.map(() => newFamily({ sub }))

      await Promise.all(begun.map((family) => families.open(family)))
      const last = await openFamily(families, { sub })

      const found = await families.peek([...begun, last].map(({ place }) => place))
      assert.equal(found.filter((family) => family !== undefined).length, 3)
    },
  },
]

/** Another one first in each round. */
function inTurn<T>(acts: readonly (() => Promise<T>)[], round: number) {
  const first = round % acts.length
  return [...acts.slice(first), ...acts.slice(0, first)]
}
