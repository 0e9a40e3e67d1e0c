import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { placeOf } from '../../../src/auth/throttle/place.ts'

describe('the place of a login', () => {
  const source = '192.0.2.1'

  it('is one for all spellings of a user name', () => {
    const one = placeOf({ username: 'user@example.com', source })
    const other = placeOf({ username: 'USER@Example.com', source })

    assert.deepEqual(other, one)
  })

  it('is one for all addresses of a network, and another one for the next', () => {
    const [one, same, next] = ['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1'].map((address) =>
      placeOf({ username: 'user', source: address }),
    )

    assert.deepEqual(same, one)
    assert.notEqual(next?.source, one?.source)
  })

  it('says neither the name nor the address, and is as long for each', () => {
    for (const username of ['', 'a', '192.0.2.1', 'x'.repeat(1_024), '\0\ud800']) {
      const { account, source: digest } = placeOf({ username, source })

      assert.match(account, /^[\w-]{12}$/)
      assert.match(digest, /^[\w-]{12}$/)
      assert.notEqual(account, digest)
    }
  })
})
