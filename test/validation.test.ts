import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ShapeError } from '../src/http/shape.ts'
import { tokenLength } from '../src/tokens/token.ts'
import {
  maxTokensPerCall,
  maxValidationBytes,
  validation,
  validationAnswer,
  validationList,
  validationRequest,
} from '../src/validation.ts'

const dead = { authenticated: false }
const alive = {
  authenticated: true,
  sub: '6f1f7c54-51d5-4a55-9d0c-0a3a0f2f1c11',
  name: 'Test User',
  scope: '',
  purpose: 'session',
  issued_at: 1_700_000_000,
  expires_in: 30,
  cap_in: 43_200,
  refresh_count: 1,
}

/** What auth must not have said. */
const badValidations: readonly unknown[] = [
  undefined,
  null,
  true,
  'authenticated',
  [],
  [dead],
  {},
  { authenticated: 'true' },
  { authenticated: 1 },
  { authenticated: null },
  { ...alive, authenticated: 'true' },
  { authenticated: true },
  ...Object.keys(alive).map((name) => ({ ...alive, [name]: null })),
  { ...alive, sub: 7 },
  { ...alive, name: '\ud800' },
  { ...alive, expires_in: -1 },
  { ...alive, expires_in: 0.5 },
  { ...alive, expires_in: '30' },
  { ...alive, cap_in: Number.POSITIVE_INFINITY },
  { ...alive, refresh_count: Number.NaN },
  { ...alive, issued_at: 2 ** 53 },
]

describe('the shape of a list of validations', () => {
  it('may say of some that nothing can be said now', () => {
    const results = [dead, { error: 'temporarily_unavailable' }, alive]

    assert.deepEqual(validationList.check({ results }), { results })
  })

  it('has no other errors', () => {
    const results = [{ error: 'server_error' }]

    assert.throws(() => validationList.check({ results }), ShapeError)
  })
})

describe('the shape of a validation', () => {
  it('is either of the two that auth may say', () => {
    assert.deepEqual(validation.check(dead), dead)
    assert.deepEqual(validation.check(alive), alive)
  })

  it('is nothing else', () => {
    for (const bad of badValidations)
      assert.throws(() => validation.check(bad), ShapeError, JSON.stringify(bad))
  })

  it('leaves out what was not declared', () => {
    assert.deepEqual(validation.check({ ...alive, admin: true }), alive)
    assert.deepEqual(validation.check({ ...alive, authenticated: false }), dead)
  })

  it('takes nothing from a prototype', () => {
    const inherited: unknown = Object.create(alive)

    assert.throws(() => validation.check(inherited), ShapeError)
  })
})

describe('the shape of an answer', () => {
  it('is one validation, or a list of them', () => {
    assert.deepEqual(validationAnswer.check(alive), alive)
    assert.deepEqual(validationAnswer.check(dead), dead)
    assert.deepEqual(validationAnswer.check({ results: [alive, dead] }), { results: [alive, dead] })
    assert.deepEqual(validationList.check({ results: [] }), { results: [] })
  })

  it('is not a list with one bad member', () => {
    for (const bad of badValidations)
      assert.throws(() => validationList.check({ results: [alive, bad] }), ShapeError)
  })

  it('is a list of at most 1,024', () => {
    const results = Array.from({ length: maxTokensPerCall }, () => dead)

    assert.equal(maxTokensPerCall, 1_024)
    assert.deepEqual(validationList.check({ results }), { results })
    assert.throws(() => validationList.check({ results: [...results, dead] }), ShapeError)
  })
})

describe('the shape of a question', () => {
  it('is one token or a list', () => {
    assert.deepEqual(validationRequest.check({ token: 'a' }), { token: 'a' })
    assert.deepEqual(validationRequest.check({ tokens: ['a', 'b'] }), { tokens: ['a', 'b'] })
    assert.deepEqual(validationRequest.check({ tokens: [] }), { tokens: [] })
  })

  it('is the list where there are both', () => {
    assert.deepEqual(validationRequest.check({ token: 'a', tokens: ['b'] }), { tokens: ['b'] })
  })

  it('has a list whose members may be anything', () => {
    const tokens = [null, 7, true, {}, [], '\ud800']

    assert.deepEqual(validationRequest.check({ tokens }), { tokens })
  })

  it('is nothing else', () => {
    const bad = [null, 'a', [], ['a'], {}, { token: null }, { token: ['a'] }, { tokens: 'a' }]

    for (const question of bad)
      assert.throws(() => validationRequest.check(question), ShapeError, JSON.stringify(question))
  })

  it('has a list of at most 1,024, all of which fit into its bytes', () => {
    const tokens = Array.from({ length: maxTokensPerCall }, () => 'x'.repeat(tokenLength))

    assert.deepEqual(validationRequest.check({ tokens }), { tokens })
    assert.throws(() => validationRequest.check({ tokens: [...tokens, ''] }), ShapeError)
    assert.ok(JSON.stringify({ tokens }).length <= maxValidationBytes)
  })
})
