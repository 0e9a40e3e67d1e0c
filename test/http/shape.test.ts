import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  anything,
  boolean,
  count,
  literal,
  numeral,
  type Shape,
  ShapeError,
  text,
} from '../../src/http/shape.ts'

function messageOf(shape: Shape<unknown>, value: unknown): string {
  try {
    shape.check(value)
  } catch (error) {
    if (error instanceof ShapeError) return error.message
    throw error
  }
  return 'no error'
}

const noStrings = [undefined, null, 0, 1, true, {}, [], ['a'], new String('a')]
const noCounts = [undefined, null, '1', '', -1, 0.5, 1e300, Number.NaN, Infinity, 2 ** 53, [], {}]

describe('a boolean shape', () => {
  it('takes true and false, and nothing that could be read as either', () => {
    const shape = boolean()

    const messages = new Set(
      [undefined, null, 0, 1, '', '0', 'true', [], {}].map((value) => messageOf(shape, value)),
    )

    assert.deepEqual([shape.check(true), shape.check(false)], [true, false])
    assert.deepEqual([...messages], ['The body must be true or false.'])
  })
})

describe('a text shape', () => {
  it('takes any string, the empty one and one with NUL too', () => {
    const shape = text()

    const taken = ['', 'a', '\0', '🗝️', ' a '].map((value) => shape.check(value))

    assert.deepEqual(taken, ['', 'a', '\0', '🗝️', ' a '])
  })

  it('refuses what is no string', () => {
    const shape = text()

    const messages = new Set(noStrings.map((value) => messageOf(shape, value)))

    assert.deepEqual([...messages], ['The body must be a string.'])
  })

  it('takes as many characters as it allows and not one more', () => {
    const shape = text({ maxLength: 3 })

    const message = messageOf(shape, 'abcd')

    assert.equal(shape.check('abc'), 'abc')
    assert.equal(message, 'The body is longer than 3 characters.')
  })

  it('refuses a lone surrogate and takes a pair', () => {
    const shape = text()

    const messages = ['\ud800', 'a\udc00b', '\udc00\ud800'].map((value) => messageOf(shape, value))

    assert.deepEqual(messages, Array(3).fill('The body is not well-formed Unicode.'))
    assert.equal(shape.check('\ud83d\ude00'), '😀')
  })

  it('says its length in its schema where it has one', () => {
    assert.deepEqual(text().schema, { type: 'string' })
    assert.deepEqual(text({ maxLength: 3 }).schema, { type: 'string', maxLength: 3 })
  })
})

describe('a count shape', () => {
  it('takes whole numbers from zero to the largest safe one', () => {
    const shape = count()

    const taken = [0, 1, Number.MAX_SAFE_INTEGER].map((value) => shape.check(value))

    assert.deepEqual(taken, [0, 1, Number.MAX_SAFE_INTEGER])
    assert.deepEqual(shape.schema, { type: 'integer', minimum: 0 })
  })

  it('refuses everything else', () => {
    const messages = new Set(noCounts.map((value) => messageOf(count(), value)))

    assert.deepEqual([...messages], ['The body must be a whole number, zero or more.'])
  })

  it('takes as many as it allows and not one more', () => {
    const shape = count({ most: 3 })

    const messages = new Set([4, ...noCounts].map((value) => messageOf(shape, value)))

    assert.deepEqual([shape.check(0), shape.check(3)], [0, 3])
    assert.deepEqual([...messages], ['The body must be a whole number from 0 to 3.'])
    assert.deepEqual(shape.schema, { type: 'integer', minimum: 0, maximum: 3 })
  })
})

describe('a literal shape', () => {
  it('takes exactly its value', () => {
    assert.equal(literal('Bearer').check('Bearer'), 'Bearer')
    assert.equal(literal(false).check(false), false)
    assert.deepEqual(literal(true).schema, { const: true })
  })

  it('refuses what is only like its value', () => {
    assert.equal(messageOf(literal('Bearer'), 'bearer'), 'The body must be Bearer.')
    assert.equal(messageOf(literal(true), 'true'), 'The body must be true.')
    assert.equal(messageOf(literal(false), 0), 'The body must be false.')
    assert.equal(messageOf(literal(false), undefined), 'The body must be false.')
  })
})

describe('the shape of anything', () => {
  it('takes every value as it is', () => {
    const value = { deep: [null] }

    assert.equal(anything().check(value), value)
    assert.deepEqual(anything().schema, {})
  })
})

describe('a numeral shape', () => {
  it('takes a whole number within its limits, written in digits, as a number', () => {
    const shape = numeral({ least: 1, most: 500 })

    assert.deepEqual(
      ['1', '500', '007'].map((text) => shape.check(text)),
      [1, 500, 7],
    )
    const wrong = ['0', '501', '', '-1', '+1', '1.0', '1e2', ' 1', '١', '9'.repeat(17), 1, null]
    const messages = new Set(wrong.map((value) => messageOf(shape, value)))
    assert.deepEqual([...messages], ['The body must be a whole number from 1 to 500.'])
  })
})
