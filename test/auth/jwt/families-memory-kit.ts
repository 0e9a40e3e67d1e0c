/** Refresh families in memory for one test, with a clock that the test moves; and what only such a clock shows. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import {
  type MemoryFamiliesOptions,
  memoryFamilies,
} from '../../../src/auth/jwt/families-memory.ts'
import type { Case } from '../../storage/contract.ts'
import { openMemoryTokens } from '../../storage/memory/open-tokens.ts'
import {
  briefLimits,
  isAlive,
  limits,
  markOf,
  type OpenedSwept,
  openFamily,
  rotate,
  rotateOn,
} from './families-kit.ts'

export interface OpenedExactly extends OpenedSwept {
  /** Moves the clock by exactly this much, backwards too. */
  readonly step: (milliseconds: number) => void
}

export async function openMemoryFamilies(
  t: TestContext,
  options: Partial<MemoryFamiliesOptions> = {},
): Promise<OpenedExactly> {
  const { store: tokens, now, step, pass } = await openMemoryTokens(t)
  const common = { now, markOf: (sub: string) => markOf(tokens, sub), maxFamilies: 10_000 }
  return {
    families: memoryFamilies({ ...common, ...limits, ...options }),
    brief: memoryFamilies({ ...common, ...briefLimits }),
    tokens,
    pass,
    step,
  }
}

export const exactFamiliesCases: readonly Case<OpenedExactly>[] = [
  {
    sentence: 'repeats one millisecond before the window closes, and not as it does',
    run: async ({ families, step }) => {
      const [early, late] = [await openFamily(families), await openFamily(families)]
      for (const family of [early, late])
        await rotateOn(families, family, family.tokenHash, { retrySeconds: 10 })
      step(9_999)
      const repeat = await rotate(families, early, early.tokenHash)

      step(1)

      assert.equal(repeat.kind, 'repeat')
      assert.equal((await rotate(families, late, late.tokenHash)).kind, 'reused')
    },
  },
  {
    sentence: 'rotates one millisecond before the end of a family, and not at it',
    run: async ({ families, step }) => {
      const family = await openFamily(families)
      step(599_999)
      const next = await rotateOn(families, family, family.tokenHash)

      step(1)

      assert.equal(await isAlive(families, family), false)
      assert.deepEqual(await rotate(families, family, next), { kind: 'unknown' })
    },
  },
  {
    sentence: 'brings nothing back where the clock steps backwards',
    run: async ({ families, step }) => {
      const family = await openFamily(families)
      step(600_000)
      await isAlive(families, family)

      step(-300_000)

      assert.equal(await isAlive(families, family), false)
    },
  },
]
