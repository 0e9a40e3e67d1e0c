import assert from 'node:assert/strict'
import type { AskAuth } from '../../src/business/ask-auth.ts'
import { createValidator } from '../../src/business/validator.ts'
import { validationOf } from './fake-auth.ts'

interface Asked {
  readonly tokens: readonly string[]
  /** Answers each token truthfully. */
  answer(): void
  fail(error: Error): void
}

/** A validator whose calls to auth the test answers, when it wants to. */
export function manualValidator({ maxWaiting = 10_000 } = {}) {
  const asked: Asked[] = []
  const askAuth: AskAuth = (tokens) =>
    new Promise((resolve, reject) => {
      asked.push({ tokens, answer: () => resolve(tokens.map(validationOf)), fail: reject })
    })
  const validate = createValidator({ askAuth, maxWaiting })
  const at = (index: number): Asked => {
    const one = asked[index]
    assert.ok(one !== undefined, `auth was not asked ${index + 1} times`)
    return one
  }
  const lists = () => asked.map(({ tokens }) => tokens)
  return { validate, at, lists }
}

/** Until the validator, which works in the same turn or in the next, has had its chance. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
