/** What the model knows of a store: what it said last of each token, the marks that it keeps, and what time it is. */
import assert from 'node:assert/strict'
import type { LivingToken, Mark, Purpose, TokenKey } from '../../src/storage/ports.ts'
import { lasting } from './token-store-kit.ts'

export interface Known {
  readonly key: TokenKey
  readonly purpose: Purpose
  /** What the store last said of it. `undefined` from its end, or if it was never issued. */
  last: Omit<LivingToken, 'judgedAt'> | undefined
}

/** Without `now` time stands still, and the model takes the store's word for it. */
export function createKnowledge(now: (() => number) | undefined) {
  const tokens: Known[] = []
  const marks = new Map<string, { readonly mark: Mark; readonly expiresAt: number }>()
  let time = 0

  /** The store's time, as far as it is known: it never steps back. */
  function look(): number {
    time = Math.max(time, now?.() ?? 0)
    return time
  }

  function presentMark(sub: string, purpose: Purpose): Mark | undefined {
    const kept = marks.get(placeOf(sub, purpose))
    return kept !== undefined && look() < kept.expiresAt ? kept.mark : undefined
  }

  function living(token: Known | undefined, purpose: Purpose): Known['last'] {
    if (token?.last === undefined || token.purpose !== purpose) return undefined
    return look() < token.last.expiresAt ? token.last : undefined
  }

  function check(answer: LivingToken | undefined, expected: Known['last']): void {
    if (expected === undefined) {
      assert.equal(answer, undefined)
      return
    }
    assert.deepEqual(lasting(answer), expected)
    const judgedAt = answer?.judgedAt ?? 0
    if (now !== undefined) assert.equal(judgedAt, look())
    assert.ok(judgedAt < expected.expiresAt && expected.expiresAt <= expected.capAt)
  }

  function pick(number: number): Known | undefined {
    return tokens[number % tokens.length]
  }

  function setMark(sub: string, purpose: Purpose, mark: Mark, lifeSeconds: number): void {
    marks.set(placeOf(sub, purpose), { mark, expiresAt: look() + lifeSeconds * 1000 })
  }

  return { tokens, look, pick, living, check, presentMark, setMark }
}

export function placeOf(sub: string, purpose: Purpose): string {
  return `${sub} ${purpose.name}`
}
