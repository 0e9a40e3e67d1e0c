/**
 * A contract is a list of cases rather than a list of tests: so it can be registered for every adapter, and be run
 * against a wrong one by a test that expects it to fail.
 */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { Refusal } from '../../src/http/refusal.ts'

export interface Case<Opened> {
  /** True of every right adapter. */
  readonly sentence: string
  /** Gets an empty store of its own. Rejects with an `AssertionError` where the sentence is not true. */
  readonly run: (opened: Opened) => Promise<void>
}

export function describeCases<Opened>(
  subject: string,
  cases: readonly Case<Opened>[],
  open: (t: TestContext) => Promise<Opened>,
): void {
  describe(subject, () => {
    for (const { sentence, run } of cases) it(sentence, async (t) => await run(await open(t)))
  })
}

/** A fault, said as such: it could be mistaken neither for an absence nor for a bug. */
export async function assertUnavailable(call: Promise<unknown>): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof Refusal, `expected a refusal, got ${String(error)}`)
    assert.equal(error.code, 'temporarily_unavailable')
    return true
  })
}

/** What has confused one store or another: separators, patterns, prototypes, ends of strings, many bytes. */
export const hostileTexts = [
  ['colons', 'a:b::c'],
  ['a star', '*'],
  ['a percent sign and an underscore', '%_'],
  ['braces', '{}{a}'],
  ['a newline', 'a\nb\r\n'],
  ['a NUL', 'a\0b'],
  ['the name of a prototype', '__proto__'],
  ['a quote and a comment', `'; -- "`],
  ['characters of four bytes', '😀𝔘'],
  ['decomposed characters', 'e\u0301'],
  ['a space at either end', ' a '],
  ['ten thousand characters', 'long'.repeat(2_500)],
] as const
