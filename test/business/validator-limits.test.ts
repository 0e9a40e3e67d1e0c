import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Refusal } from '../../src/http/refusal.ts'
import { validationOf } from '../kit/fake-auth.ts'
import { manualValidator, nextTurn } from '../kit/manual-validator.ts'

function isUnavailable(error: unknown): true {
  assert.ok(error instanceof Refusal)
  assert.equal(error.code, 'temporarily_unavailable')
  assert.equal(error.headers['Retry-After'], '1')
  return true
}

describe('a call to auth that fails', () => {
  it('fails everybody in its list with 503, and tells why to the log only', async () => {
    const { validate, at } = manualValidator()
    const fault = new Error('auth is away')

    const both = [validate('one'), validate('two')].map((one) =>
      assert.rejects(one, (error: Error) => {
        assert.equal(error.cause, fault)
        assert.equal(error.message.includes(fault.message), false)
        return isUnavailable(error)
      }),
    )
    await nextTurn()
    at(0).fail(fault)

    await Promise.all(both)
  })

  it('fails nobody in the next list', async () => {
    const { validate, at } = manualValidator()
    const first = assert.rejects(validate('one'), isUnavailable)
    await nextTurn()
    const second = validate('two')

    at(0).fail(new Error('auth is away'))
    await first
    at(1).answer()

    assert.deepEqual(await second, { validation: validationOf('two'), call: 2 })
  })
})

describe('a full validator', () => {
  it('refuses one more with 503 and asks nothing for it, and those who wait are answered', async () => {
    const { validate, at, lists } = manualValidator({ maxWaiting: 2 })
    const underWay = validate('one')
    await nextTurn()
    const waiting = [validate('two'), validate('three')]

    await assert.rejects(validate('four'), isUnavailable)
    at(0).answer()
    await underWay
    at(1).answer()
    await Promise.all(waiting)

    assert.deepEqual(lists(), [['one'], ['two', 'three']])
  })

  it('accepts again when those who waited have left', async () => {
    const { validate, at } = manualValidator({ maxWaiting: 1 })
    const underWay = validate('one')
    await nextTurn()
    const waiting = validate('two')
    await assert.rejects(validate('three'), isUnavailable)
    at(0).answer()
    await underWay

    const accepted = validate('four')
    at(1).answer()
    await waiting
    at(2).answer()

    assert.deepEqual((await accepted).validation, validationOf('four'))
  })
})
