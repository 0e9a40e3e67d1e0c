/** What only shows when several callers come at once. */
import assert from 'node:assert/strict'
import {
  assertIsLine,
  begun,
  callers,
  kidsOf,
  long,
  newKey,
  type SigningKeysCase,
} from './signing-keys-kit.ts'

const rounds = 20

export const signingKeysRaceCases: readonly SigningKeysCase[] = [
  {
    sentence: 'lets exactly one of 16 simultaneous beginners file',
    run: async ({ keys }) => {
      const rivals = callers.map(newKey)

      const outcomes = await Promise.all(rivals.map((rival) => keys.begin(rival)))

      const winners = rivals.filter((_, index) => outcomes[index]).map(({ kid }) => kid)
      assert.equal(winners.length, 1)
      assert.deepEqual(await kidsOf(keys), winners)
    },
  },
  {
    sentence: 'rotates once where 16 ask for it at once, 20 times',
    run: async ({ keys }) => {
      let { kid: current } = await begun(keys)
      for (let round = 0; round < rounds; round++) {
        const rivals = callers.map(newKey)

        const outcomes = await Promise.all(rivals.map((rival) => keys.rotate(rival, long)))

        const [winner = '', ...others] = rivals
          .filter((_, index) => outcomes[index])
          .map(({ kid }) => kid)
        assert.deepEqual(others, [], `round ${round}`)
        assert.deepEqual(await kidsOf(keys), [current, winner])
        const fresh = newKey()
        await keys.replaceAll(winner, fresh)
        current = fresh.kid
      }
    },
  },
  {
    sentence: 'replaces once where 16 know the same last key, 20 times',
    run: async ({ keys }) => {
      let { kid: current } = await begun(keys)
      for (let round = 0; round < rounds; round++) {
        const rivals = callers.map(newKey)

        const outcomes = await Promise.all(rivals.map((rival) => keys.replaceAll(current, rival)))

        const winners = rivals.filter((_, index) => outcomes[index]).map(({ kid }) => kid)
        assert.equal(winners.length, 1, `round ${round}`)
        assert.deepEqual(await kidsOf(keys), winners)
        current = winners[0] ?? ''
      }
    },
  },
  {
    sentence: 'remains one line where rotations and replacements come at once, 20 times',
    run: async ({ keys }) => {
      await begun(keys)
      for (let round = 0; round < rounds; round++) {
        const current = (await kidsOf(keys)).at(-1) ?? ''

        await Promise.all(
          callers.map((caller) =>
            caller % 2 === 0 ? keys.rotate(newKey(), long) : keys.replaceAll(current, newKey()),
          ),
        )

        const line = (await keys.read()).keys
        assert.ok([1, 2].includes(line.length), `round ${round}`)
        assertIsLine(line)
        await keys.replaceAll(line.at(-1)?.kid ?? '', newKey())
      }
    },
  },
]
