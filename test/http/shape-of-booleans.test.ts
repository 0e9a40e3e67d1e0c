import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { boolean } from '../../src/http/shape.ts'

const likeBooleans = [undefined, null, 0, 1, '', 'true', 'false', [], {}, new Boolean(true)]

describe('a boolean shape', () => {
  it('takes true and false', () => {
    const taken = [true, false].map((value) => boolean().check(value))

    assert.deepEqual(taken, [true, false])
    assert.deepEqual(boolean().schema, { type: 'boolean' })
  })

  it('refuses what somebody could read as either', () => {
    const message = 'The body must be true or false.'

    for (const value of likeBooleans) assert.throws(() => boolean().check(value), { message })
  })
})
