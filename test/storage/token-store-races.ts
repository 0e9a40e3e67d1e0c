/** The race kit: what only shows when several callers come at once. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import {
  isAlive,
  issue,
  markOf,
  newToken,
  session,
  type TokenStoreCase,
  verifyEmail,
} from './token-store-kit.ts'

const rounds = 1_000
const callers = Array.from({ length: 16 }, (_, index) => index)

export const raceCases: readonly TokenStoreCase[] = [
  {
    sentence: 'gives a single-use token to exactly one of 16 simultaneous takers, 1,000 times',
    run: async ({ store }) => {
      for (let round = 0; round < rounds; round++) {
        const { key, living } = await issue(store, { purpose: verifyEmail })

        const answers = await Promise.all(callers.map(() => store.take(key, verifyEmail)))

        const winners = answers.filter((answer) => answer !== undefined)
        assert.deepEqual(
          winners.map(({ id }) => id),
          [living.id],
          `round ${round}`,
        )
      }
    },
  },
  {
    sentence: 'lets either a taker or a revocation have a single-use token, never both',
    run: async ({ store }) => {
      for (let round = 0; round < rounds; round++) {
        const { key } = await issue(store, { purpose: verifyEmail })
        const acts = [() => store.take(key, verifyEmail), () => store.revoke(key, verifyEmail)]

        const answers = await Promise.all(inTurn(acts, round).map((act) => act()))

        assert.equal(answers.filter((answer) => answer !== undefined).length, 1, `round ${round}`)
      }
    },
  },
  {
    sentence: 'never brings a revoked token back by a simultaneous reinflation',
    run: async ({ store }) => {
      for (let round = 0; round < rounds; round++) {
        const issued = await issue(store)
        const reinflate = () => store.reinflate([issued.key], session)
        const revoke = async () => [await store.revoke(issued.key, session)]
        const acts = [revoke, reinflate, reinflate, reinflate]

        await Promise.all(inTurn(acts, round).map((act) => act()))

        assert.equal(await isAlive(store, issued), false, `round ${round}`)
        assert.deepEqual(await reinflate(), [undefined], `round ${round}`)
        assert.deepEqual(await revoke(), [undefined], `round ${round}`)
      }
    },
  },
  {
    sentence: 'never brings a token of an ended subject back by a simultaneous reinflation',
    run: async ({ store }) => {
      for (let round = 0; round < rounds; round++) {
        const issued = await issue(store)
        const reinflate = () => store.reinflate([issued.key], session)
        const acts = [() => store.revokeSubject(issued.sub, [session]), reinflate, reinflate]

        await Promise.all(inTurn(acts, round).map((act) => act()))

        assert.equal(await isAlive(store, issued), false, `round ${round}`)
      }
    },
  },
  {
    sentence: 'leaves nothing alive of the logins that were under way when a subject was ended',
    run: async ({ store }) => {
      for (let round = 0; round < rounds; round++) {
        const sub = randomUUID()
        const mark = await markOf(store, sub, session)
        const tokens = [1, 2, 3].map(() => newToken({ sub, mark }))
        const acts = [
          () => store.revokeSubject(sub, [session]),
          ...tokens.map((token) => () => store.issue(token)),
        ]

        await Promise.all(inTurn(acts, round).map((act) => act()))

        for (const token of tokens) assert.equal(await isAlive(store, token), false)
      }
    },
  },
  {
    sentence: 'counts each of 16 simultaneous reinflations',
    run: async ({ store }) => {
      const { key } = await issue(store)

      const answers = await Promise.all(callers.map(() => store.reinflate([key], session)))

      const counts = answers.map(([answer]) => answer?.refreshCount ?? 0)
      assert.deepEqual(
        counts.toSorted((one, other) => one - other),
        callers.map((caller) => caller + 1),
      )
    },
  },
  {
    sentence: 'answers lists that name the same tokens in opposite orders, at the same time',
    run: async ({ store }) => {
      const tokens = Array.from({ length: 64 }, () => newToken())
      for (const token of tokens) await store.issue(token)
      const keys = tokens.map(({ key }) => key)
      const lists = callers.map((caller) => (caller % 2 === 0 ? keys : keys.toReversed()))

      const answers = await Promise.all(lists.map((list) => store.reinflate(list, session)))

      const ids = tokens.map(({ id }) => id)
      for (const [caller, answer] of answers.entries())
        assert.deepEqual(
          answer.map((token) => token?.id),
          caller % 2 === 0 ? ids : ids.toReversed(),
        )
    },
  },
  {
    sentence: 'sets one mark for a change that 16 say at once, 100 times',
    run: async ({ store }) => {
      for (let round = 0; round < 100; round++) {
        const sub = randomUUID()

        const marks = await Promise.all(
          callers.map(async () => {
            await store.revokeSubject(sub, [session, verifyEmail], `change ${round}`)
            return await markOf(store, sub, session)
          }),
        )

        assert.equal(new Set(marks).size, 1, `round ${round}`)
        assert.ok(marks[0] !== undefined)
      }
    },
  },
]

/** The acts, each round begun by another of them. The answers stand in the order of the start. */
function inTurn<Act>(acts: readonly Act[], round: number): readonly Act[] {
  const first = round % acts.length
  return [...acts.slice(first), ...acts.slice(0, first)]
}
