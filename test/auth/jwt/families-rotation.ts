/** What becomes of a presented token: the good one, its parent, any other. */
import assert from 'node:assert/strict'
import {
  type FamiliesCase,
  isAlive,
  newHash,
  openFamily,
  rotate,
  rotateOn,
} from './families-kit.ts'

export const familyRotationCases: readonly FamiliesCase[] = [
  {
    sentence: 'rotates by the token that is good, and tells the next one and how many came before',
    run: async ({ families }) => {
      const family = await openFamily(families)
      const second = await rotateOn(families, family, family.tokenHash)

      const third = await rotateOn(families, family, second)

      const [found] = await families.peek([family.place])
      assert.equal(found?.tokenHash, third)
      assert.equal(found?.rotations, 2)
    },
  },
  {
    sentence:
      'repeats the answer to the immediate parent as often as it is asked, and changes nothing',
    run: async ({ families }) => {
      const family = await openFamily(families)
      const sealedAnswer = 'the answer that was given'
      const next = await rotateOn(families, family, family.tokenHash, { sealedAnswer })
      const again = { sealedAnswer: 'another answer' }

      const outcomes = [
        await rotate(families, family, family.tokenHash, again),
        await rotate(families, family, family.tokenHash, again),
      ]

      assert.deepEqual(outcomes, [
        { kind: 'repeat', sealedAnswer },
        { kind: 'repeat', sealedAnswer },
      ])
      const [found] = await families.peek([family.place])
      assert.deepEqual([found?.tokenHash, found?.rotations], [next, 1])
      await rotateOn(families, family, next)
    },
  },
  {
    sentence: 'repeats the last answer, not the one before',
    run: async ({ families }) => {
      const family = await openFamily(families)
      const second = await rotateOn(families, family, family.tokenHash, { sealedAnswer: 'one' })
      await rotateOn(families, family, second, { sealedAnswer: 'two' })

      const outcome = await rotate(families, family, second)

      assert.deepEqual(outcome, { kind: 'repeat', sealedAnswer: 'two' })
    },
  },
  {
    sentence: 'kills a family whose parent token comes when the window is closed',
    run: async ({ families, pass }) => {
      const family = await openFamily(families)
      const next = await rotateOn(families, family, family.tokenHash, { retrySeconds: 1 })
      await pass(1_050)

      const outcome = await rotate(families, family, family.tokenHash)

      assert.equal(outcome.kind, 'reused')
      assert.equal(await isAlive(families, family), false)
      assert.deepEqual(await rotate(families, family, next), { kind: 'unknown' })
    },
  },
  {
    sentence: 'kills a family whose parent token comes where there is no window',
    run: async ({ families }) => {
      const family = await openFamily(families)
      const next = await rotateOn(families, family, family.tokenHash, { retrySeconds: 0 })

      const outcome = await rotate(families, family, family.tokenHash, { retrySeconds: 0 })

      assert.equal(outcome.kind, 'reused')
      assert.equal(await isAlive(families, family), false)
      assert.deepEqual(await rotate(families, family, next), { kind: 'unknown' })
    },
  },
  {
    sentence: 'opens no window by a rotation without one, though the one before is open',
    run: async ({ families }) => {
      const family = await openFamily(families)
      const second = await rotateOn(families, family, family.tokenHash)
      await rotateOn(families, family, second, { retrySeconds: 0 })

      const outcome = await rotate(families, family, second)

      assert.equal(outcome.kind, 'reused')
    },
  },
  {
    sentence: 'kills a family whose grandparent token comes, though all windows are open',
    run: async ({ families }) => {
      const family = await openFamily(families)
      const second = await rotateOn(families, family, family.tokenHash)
      const third = await rotateOn(families, family, second)

      const outcome = await rotate(families, family, family.tokenHash)

      assert.equal(outcome.kind, 'reused')
      assert.equal(await isAlive(families, family), false)
      assert.deepEqual(await rotate(families, family, third), { kind: 'unknown' })
      assert.deepEqual(await rotate(families, family, second), { kind: 'unknown' })
    },
  },
  {
    sentence: 'kills a family for a token that was never one of its own, and says whose it was',
    run: async ({ families }) => {
      const family = await openFamily(families)
      const other = await openFamily(families, { sub: family.sub })

      const outcome = await rotate(families, family, newHash())

      assert.ok(outcome.kind === 'reused')
      assert.deepEqual([outcome.family.id, outcome.family.sub], [family.place.id, family.sub])
      assert.equal(await isAlive(families, family), false)
      const after = await rotate(families, family, family.tokenHash)
      assert.deepEqual(after, { kind: 'unknown' })
      assert.equal(await isAlive(families, other), true)
    },
  },
]
