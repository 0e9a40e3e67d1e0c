import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readValidations } from '../../src/business/ask-auth.ts'
import type { AuthAnswer } from '../../src/business/auth-connection.ts'
import { aliveValidation } from '../kit/fake-auth.ts'

const alive = aliveValidation('Reader')
const dead = { authenticated: false }
const ok = (body: unknown): AuthAnswer => ({ status: 200, text: JSON.stringify(body) })
const without = (field: string) =>
  Object.fromEntries(Object.entries(alive).filter(([name]) => name !== field))

describe('the answer to a validation', () => {
  it('is one validation for each token, in the order of the answer', () => {
    const answer = ok({ results: [dead, alive] })

    const validations = readValidations(answer, 2)

    assert.deepEqual(validations, [dead, alive])
  })

  it('is an empty list where nothing was asked', () => {
    assert.deepEqual(readValidations(ok({ results: [] }), 0), [])
  })

  it('loses the fields that nobody declared', () => {
    const answer = ok({
      results: [
        { ...dead, sub: 'x' },
        { ...alive, admin: true },
      ],
      more: 1,
    })

    const validations = readValidations(answer, 2)

    assert.deepEqual(validations, [dead, alive])
  })

  const unreadable: Readonly<Record<string, string>> = {
    'nothing at all': '',
    'no JSON': '<html>secret</html>',
    'half of an answer': '{"results":[{"authenticated":false}',
    'JSON null': 'null',
    'a list without its object': JSON.stringify([dead]),
    'a single validation': JSON.stringify(dead),
    'results that are no list': JSON.stringify({ results: dead }),
    'a result that is null': JSON.stringify({ results: [null] }),
    'a result that is a boolean': JSON.stringify({ results: [true] }),
    'a result without authenticated': JSON.stringify({ results: [without('authenticated')] }),
    'authenticated as the string true': JSON.stringify({
      results: [{ ...alive, authenticated: 'true' }],
    }),
    'authenticated as the string false': JSON.stringify({ results: [{ authenticated: 'false' }] }),
    'authenticated as 1': JSON.stringify({ results: [{ ...alive, authenticated: 1 }] }),
    'authenticated as 0': JSON.stringify({ results: [{ authenticated: 0 }] }),
    'authenticated as null': JSON.stringify({ results: [{ authenticated: null }] }),
    'a life as a string': JSON.stringify({ results: [{ ...alive, expires_in: '30' }] }),
    'a negative life': JSON.stringify({ results: [{ ...alive, expires_in: -1 }] }),
    'a broken life': JSON.stringify({ results: [{ ...alive, cap_in: 0.5 }] }),
    'a name that is a number': JSON.stringify({ results: [{ ...alive, name: 7 }] }),
    'nobody as the owner': JSON.stringify({ results: [without('sub')] }),
    'authenticated inherited from a prototype':
      '{"results":[{"__proto__":{"authenticated":false}}]}',
  }
  for (const [what, text] of Object.entries(unreadable)) {
    it(`is refused, and not repeated in the error, where it is ${what}`, () => {
      assert.throws(() => readValidations({ status: 200, text }, 1), {
        message: 'auth answered a validation in a form that cannot be read',
      })
    })
  }

  for (const status of [100, 201, 204, 301, 307, 400, 401, 403, 404, 500, 503]) {
    it(`is refused with status ${status}, whatever it says`, () => {
      const { text } = ok({ results: [alive] })

      assert.throws(() => readValidations({ status, text }, 1), {
        message: `auth answered ${status} to a validation`,
      })
    })
  }

  const lengths: readonly (readonly [number, number])[] = [
    [0, 1],
    [1, 0],
    [1, 2],
    [3, 2],
  ]
  for (const [answered, asked] of lengths) {
    it(`is refused where it has ${answered} results for ${asked} tokens`, () => {
      const answer = ok({ results: Array.from({ length: answered }, () => alive) })

      assert.throws(() => readValidations(answer, asked), {
        message: `auth answered ${answered} validations to ${asked} tokens`,
      })
    })
  }
})
