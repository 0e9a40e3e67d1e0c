/** The contract of `RefreshFamilies`. An adapter's own test file is one call, and what only that adapter has. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { type Case, describeCases } from '../../storage/contract.ts'
import type { FamiliesCase, OpenedFamilies, OpenedSwept } from './families-kit.ts'
import { isAlive, openFamily, rotate, rotateOn } from './families-kit.ts'
import { familyLifeCases } from './families-life.ts'
import { familyListCases } from './families-lists.ts'
import { familyRaceCases } from './families-races.ts'
import { familyRotationCases } from './families-rotation.ts'

export const familiesCases: readonly FamiliesCase[] = [
  ...familyLifeCases,
  ...familyListCases,
  ...familyRotationCases,
  ...familyRaceCases,
]

export function familiesContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedFamilies>,
): void {
  describeCases(name, familiesCases, open)
}

/** Of stores that do not sweep by themselves. */
export const sweptFamiliesCases: readonly Case<OpenedSwept>[] = [
  {
    sentence: 'erases an answer once its window is closed, and leaves the family alive',
    run: async ({ families, pass }) => {
      const [closed, open] = [await openFamily(families), await openFamily(families)]
      await rotateOn(families, closed, closed.tokenHash, { retrySeconds: 1 })
      await pass(1_050)
      await rotateOn(families, open, open.tokenHash)

      const evicted = await families.evictExpired(10)

      assert.deepEqual(evicted, { families: 0, answers: 1, isDone: true })
      assert.equal((await families.evictExpired(10)).answers, 0)
      assert.equal(await isAlive(families, closed), true)
      assert.equal((await rotate(families, open, open.tokenHash)).kind, 'repeat')
    },
  },
  {
    sentence: 'removes dead families, at most so many at once, and no living one',
    run: async ({ brief, pass }) => {
      for (let count = 0; count < 3; count++) await openFamily(brief)
      await pass(1_050)
      const living = await openFamily(brief)

      const slices = [await brief.evictExpired(2), await brief.evictExpired(2)]

      assert.deepEqual(slices, [
        { families: 2, answers: 0, isDone: false },
        { families: 1, answers: 0, isDone: true },
      ])
      assert.equal(await isAlive(brief, living), true)
    },
  },
]

export function sweptFamiliesContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedSwept>,
): void {
  describeCases(name, sweptFamiliesCases, open)
}
