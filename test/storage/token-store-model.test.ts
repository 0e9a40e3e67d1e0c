import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compareWithModel } from './token-store-model.ts'
import { wrongTokenStores } from './wrong-token-stores.ts'

const seen = [
  'takes by looking first and removing after',
  'gives a single-use token away and keeps it',
  'finds a token alive at the very instant of its expiry',
  'knows no cap',
  'does not extend a session by a reinflation',
  'extends fixed tokens by looking at them',
  'extends sessions by a peek',
  'follows a clock that steps back',
  'ignores the purpose at a peek',
  'answers a list with those first that it found',
  'says that it revoked and did not',
  'ends only the tokens that a subject has by now',
  'ends the tokens of other purposes too',
  'sets a mark once and never a fresh one',
  'keeps a mark no longer than a token',
]

describe('the model of the life of tokens', () => {
  for (const flaw of seen)
    it(`differs from a store that ${flaw}`, async (t) => {
      const wrong = wrongTokenStores.find(({ what }) => what === flaw)
      assert.ok(wrong !== undefined, 'there is no such store')

      const comparison = compareWithModel(t, wrong.open, { runs: 500, seed: 1 })

      await assert.rejects(comparison, /^Error: Property failed/)
    })
})
