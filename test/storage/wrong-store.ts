/** Deliberately wrong adapters, and the proof that a contract notices each of them. */
import assert from 'node:assert/strict'
import { it, type TestContext } from 'node:test'
import type { Case } from './contract.ts'

export interface Flaw<Opened> {
  /** Ends the sentence "notices a store that …". */
  readonly what: string
  /** The sentence of the case that fails. */
  readonly isCaughtBy: string
  readonly open: (t: TestContext) => Promise<Opened>
}

/** Registers a test: the store with the flaw fails the case that is named, as a case fails, not by breaking down. */
export function itNotices<Opened>(flaw: Flaw<Opened>, cases: readonly Case<Opened>[]): void {
  const { what, isCaughtBy, open } = flaw
  it(`notices a store that ${what}`, async (t) => {
    const found = cases.find(({ sentence }) => sentence === isCaughtBy)
    assert.ok(found !== undefined, `no case says "${isCaughtBy}"`)
    const opened = await open(t)

    await assert.rejects(found.run(opened), assert.AssertionError)
  })
}
