import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { uuidV7 } from '../src/uuid-v7.ts'

describe('a UUID of version 7', () => {
  it('begins with its instant, and is another each time', () => {
    const [one, other] = [uuidV7(0x0123456789ab), uuidV7(0x0123456789ab)]

    assert.match(one, /^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.notEqual(one, other)
  })
})
