import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memorySigningKeys } from '../../../src/auth/jwt/signing-keys-memory.ts'
import { manualClock } from '../../kit/clock.ts'
import { signingKeysContract } from './signing-keys-contract.ts'
import { begun, kidsOf, long, newKey } from './signing-keys-kit.ts'

function open() {
  const clock = manualClock()
  return { clock, keys: memorySigningKeys(clock) }
}

signingKeysContract('signing keys in memory', async () => {
  const { clock, keys } = open()
  return { keys, pass: async (milliseconds) => clock.advance(milliseconds) }
})

describe('signing keys in memory, to the millisecond', () => {
  it('can be rotated again at the very instant at which the last one signs, and not before', async () => {
    const { clock, keys } = open()
    await begun(keys)
    await keys.rotate(newKey(), long)

    clock.advance(599_999)
    const before = await keys.rotate(newKey(), long)
    clock.advance(1)
    const then = await keys.rotate(newKey(), long)

    assert.deepEqual([before, then], [false, true])
  })

  it('are there until the instant at which they are removed, and not at it', async () => {
    const { clock, keys } = open()
    const first = await begun(keys)
    const next = newKey()
    await keys.rotate(next, long)

    clock.advance(959_999)
    const before = await kidsOf(keys)
    clock.advance(1)
    const then = await kidsOf(keys)

    assert.deepEqual(before, [first.kid, next.kid])
    assert.deepEqual(then, [next.kid])
  })
})
