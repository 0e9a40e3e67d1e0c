import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { strangersBy } from '../../../src/auth/accounts/strangers.ts'

const addresses = Array.from({ length: 20_000 }, (_, index) => `${index}@example.com`)

describe('the subject of an address without an account', () => {
  it('is a UUID, the same for the same address', () => {
    const strangerOf = strangersBy(Buffer.alloc(32, 1))

    for (const address of addresses.slice(0, 100)) {
      assert.match(strangerOf(address), /^0{8}-0{4}-40{3}-80{3}-0{8}[0-9a-f]{4}$/)
      assert.equal(strangerOf(address), strangerOf(address))
    }
  })

  it('is one of a thousand', () => {
    const subjects = new Set(addresses.map(strangersBy(Buffer.alloc(32, 1))))

    assert.equal(subjects.size, 1_024)
  })

  it('is another under another key', () => {
    const [one, other] = [1, 2].map((byte) => strangersBy(Buffer.alloc(32, byte)))

    const alike = addresses.filter((address) => one?.(address) === other?.(address))

    assert.ok(alike.length < 100, `${alike.length}`)
  })
})
