import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { maxTokensPerCall } from '../../src/validation.ts'
import { validationOf } from '../kit/fake-auth.ts'
import { manualValidator, nextTurn } from '../kit/manual-validator.ts'

describe('an idle validator', () => {
  it('asks about one token at once and alone', async () => {
    const { validate, at, lists } = manualValidator()

    const validated = validate('one')
    await nextTurn()
    at(0).answer()

    assert.deepEqual(await validated, { validation: validationOf('one'), call: 1 })
    assert.deepEqual(lists(), [['one']])
  })

  it('asks in one call about what arrives in the same turn', async () => {
    const { validate, at, lists } = manualValidator()

    const both = [validate('one'), validate('two')]
    await nextTurn()
    at(0).answer()
    await Promise.all(both)

    assert.deepEqual(lists(), [['one', 'two']])
  })

  it('asks again about a token that it has just asked about', async () => {
    const { validate, at, lists } = manualValidator()
    const first = validate('one')
    await nextTurn()
    at(0).answer()
    await first

    const second = validate('one')
    await nextTurn()
    at(1).answer()

    assert.deepEqual(await second, { validation: validationOf('one'), call: 2 })
    assert.deepEqual(lists(), [['one'], ['one']])
  })
})

describe('a busy validator', () => {
  it('asks in the next call, as one list, about all that arrives while a call is under way', async () => {
    const { validate, at, lists } = manualValidator()
    const first = validate('one')
    await nextTurn()

    const later = [validate('two')]
    await nextTurn()
    later.push(validate('three'))
    await nextTurn()
    const duringTheCall = lists()
    at(0).answer()
    await first
    at(1).answer()
    const calls = (await Promise.all(later)).map(({ call }) => call)

    assert.deepEqual(duringTheCall, [['one']])
    assert.deepEqual(lists(), [['one'], ['two', 'three']])
    assert.deepEqual(calls, [2, 2])
  })

  it('asks anew about a token that the call under way asks about', async () => {
    const { validate, at, lists } = manualValidator()
    const first = validate('one')
    await nextTurn()

    const second = validate('one')
    at(0).answer()
    await first
    at(1).answer()
    await second

    assert.deepEqual(lists(), [['one'], ['one']])
  })

  it('gives each token the answer that is its own', async () => {
    const { validate, at } = manualValidator()
    const tokens = ['good-1', 'dead-1', 'good-2', 'good-2', 'dead-2', 'good-3']

    const validated = tokens.map((token) => validate(token))
    await nextTurn()
    at(0).answer()
    const validations = (await Promise.all(validated)).map(({ validation }) => validation)

    assert.deepEqual(validations, tokens.map(validationOf))
  })

  it('cuts what waits into lists that one call may carry, in the order of arrival', async () => {
    const { validate, at, lists } = manualValidator()
    const tokens = Array.from({ length: maxTokensPerCall + 1 }, (_, index) => `token-${index}`)

    const validated = tokens.map((token) => validate(token))
    await nextTurn()
    at(0).answer()
    await validated[0]
    at(1).answer()
    const validations = (await Promise.all(validated)).map(({ validation }) => validation)

    assert.deepEqual(validations, tokens.map(validationOf))
    assert.deepEqual(lists(), [tokens.slice(0, maxTokensPerCall), tokens.slice(maxTokensPerCall)])
  })

  it('is idle again after the last answer', async () => {
    const { validate, at, lists } = manualValidator()
    const busy = [validate('one')]
    await nextTurn()
    busy.push(validate('two'))
    at(0).answer()
    await busy[0]
    at(1).answer()
    await busy[1]

    const last = validate('three')
    await nextTurn()
    at(2).answer()
    await last

    assert.deepEqual(lists(), [['one'], ['two'], ['three']])
  })
})
