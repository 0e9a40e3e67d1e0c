import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { normaliseUsername } from '../../src/auth/usernames.ts'

/** Whatever has a case or more than one form, as a string each. */
const letters = Array.from({ length: 0x110000 }, (_, point) => point)
  .filter((point) => point < 0xd800 || point > 0xdfff)
  .map((point) => String.fromCodePoint(point))
  .filter((character) => /[\p{L}\p{M}\p{N}\p{S}]/u.test(character))

/** Whether both are the same user name. */
function areOne(one: string, other: string): boolean {
  return normaliseUsername(one) === normaliseUsername(other)
}

describe('two user names', () => {
  it('are one where they differ in case only', () => {
    assert.ok(areOne('User@Example.COM', 'user@example.com'))
    assert.ok(areOne('ÄÖÜ', 'äöü'))
    assert.ok(areOne('ПОЛЬЗОВАТЕЛЬ', 'пользователь'))
  })

  it('are one where they differ in Unicode form only', () => {
    assert.ok(areOne('caf\u00e9', 'cafe\u0301'))
    assert.ok(areOne('\uff55\uff53\uff45\uff52', 'user'))
    assert.ok(areOne('o\ufb03ce', 'office'))
    assert.ok(areOne('\u212a', 'k'))
  })

  it('are one with a sharp s, small or capital, and with two', () => {
    assert.ok(areOne('straße', 'STRASSE'))
    assert.ok(areOne('straße', 'strasse'))
    assert.ok(areOne('STRA\u1e9eE', 'straße'))
    assert.ok(areOne('STRA\u1e9eE', 'strasse'))
  })

  it('are one with either small sigma and with the capital one', () => {
    assert.ok(areOne('σας', 'ΣΑΣ'))
    assert.ok(areOne('σασ', 'σας'))
    assert.ok(areOne('σας@example.com', 'ΣΑΣ@EXAMPLE.COM'))
  })

  it('are two where a letter, an accent or a space differs', () => {
    assert.ok(!areOne('user@example.com', 'users@example.com'))
    assert.ok(!areOne('café', 'cafe'))
    assert.ok(!areOne('user', ' user'))
    assert.ok(!areOne('user', 'user '))
    assert.ok(!areOne('user', 'us\u0435r')) // a Cyrillic letter that looks like an e
  })
})

describe('a normalised user name', () => {
  it('is left as it is when it is normalised again, letter by letter', () => {
    const changed = letters.filter((letter) => {
      const once = normaliseUsername(letter)
      return normaliseUsername(once) !== once
    })

    assert.deepEqual(changed, [])
  })

  it('is the same for the upper and the lower case of each letter', () => {
    const different = letters.filter((letter) => {
      const cases = [letter, letter.toUpperCase(), letter.toLowerCase()]
      return new Set(cases.map(normaliseUsername)).size > 1
    })

    assert.deepEqual(different, [])
  })

  it('is left as it is when it is normalised again, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (username) => {
        const once = normaliseUsername(username)
        assert.equal(normaliseUsername(once), once)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is well-formed where the name was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (username) => {
        assert.ok(normaliseUsername(username).isWellFormed())
      }),
    )
  })
})
