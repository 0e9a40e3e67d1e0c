import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { choice, count, nullable, object, optional, text } from '../../src/http/shape.ts'

describe('a shape of choices', () => {
  const shape = choice(['like', 'dislike'])

  it('takes each of its texts', () => {
    assert.deepEqual([shape.check('like'), shape.check('dislike')], ['like', 'dislike'])
    assert.deepEqual(shape.schema, { enum: ['like', 'dislike'] })
  })

  it('refuses everything else, and names what it takes', () => {
    const message = 'The body must be one of like, dislike.'

    for (const value of ['', 'Like', 'like ', 'toString', null, undefined, 0, ['like'], {}])
      assert.throws(() => shape.check(value), { name: 'ShapeError', message })
    assert.throws(() => shape.check(new String('like')), { message })
  })
})

describe('a nullable shape', () => {
  const shape = nullable(text({ maxLength: 3 }))

  it('takes null, and what its shape takes', () => {
    assert.deepEqual([shape.check(null), shape.check('abc'), shape.check('')], [null, 'abc', ''])
    assert.deepEqual(shape.schema, { anyOf: [{ type: 'string', maxLength: 3 }, { type: 'null' }] })
  })

  it('refuses what its shape refuses, with its words', () => {
    assert.throws(() => shape.check('abcd'), { message: 'The body is longer than 3 characters.' })
    assert.throws(() => shape.check(0), { message: 'The body must be a string.' })
    assert.throws(() => shape.check(undefined), { message: 'The body must be a string.' })
  })

  it('must be there, unless it may be left out as well', () => {
    const both = object({ must: nullable(count()), may: optional(nullable(count())) })

    assert.deepEqual(both.check({ must: null }), { must: null, may: undefined })
    assert.deepEqual(both.check({ must: 1, may: null }), { must: 1, may: null })
    assert.throws(() => both.check({ may: null }), { message: "The field 'must' is missing." })
    assert.deepEqual(both.schema.required, ['must'])
  })
})
