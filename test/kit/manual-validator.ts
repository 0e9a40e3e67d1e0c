import assert from 'node:assert/strict'
import type { AskAuth } from '../../src/business/ask-auth.ts'
import { createValidator } from '../../src/business/validator.ts'
import type { Call } from '../../src/http/endpoint.ts'
import { Refusal } from '../../src/http/refusal.ts'
import type { Validation } from '../../src/validation.ts'
import { validationOf } from './fake-auth.ts'

interface Asked {
  readonly tokens: readonly string[]
  /** Answers each token truthfully. */
  answer(): void
  fail(error: Error): void
}

interface Validated {
  readonly validation: Validation
  readonly call: string | number | undefined
}

/** A validator whose calls to auth the test answers, when it wants to. */
export function manualValidator({ maxWaiting = 10_000 } = {}) {
  const asked: Asked[] = []
  const askAuth: AskAuth = (tokens) =>
    new Promise((resolve, reject) => {
      asked.push({ tokens, answer: () => resolve(tokens.map(validationOf)), fail: reject })
    })
  const validator = createValidator({ askAuth, maxWaiting })
  /** What auth said of the token, and the number of the call in which it was asked. */
  const validate = async (token: string): Promise<Validated> => {
    const call: Pick<Call, 'notes'> = { notes: undefined }
    const refuseOrThrow = (error: unknown): Validation => {
      if (error instanceof Refusal && error.code === 'invalid_token')
        return { authenticated: false }
      throw error
    }
    const validation = await validator(token, call).catch(refuseOrThrow)
    return { validation, call: call.notes?.validation_call }
  }
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
