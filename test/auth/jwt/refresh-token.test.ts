import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  followingRefreshToken,
  hashOf,
  isRefreshTokenShape,
  mintRefreshToken,
  placeOf,
} from '../../../src/auth/jwt/refresh-token.ts'
import { subjectTagOf } from '../../../src/storage/ports.ts'
import { isTokenShape } from '../../../src/tokens/token.ts'

describe('a refresh token', () => {
  it('has a form of its own, which no other token has', () => {
    const token = mintRefreshToken('somebody')

    assert.equal(token.length, 84)
    assert.equal(isRefreshTokenShape(token), true)
    assert.equal(isTokenShape(token), false)
  })

  it('is followed by one of the same family, with another secret', () => {
    const token = mintRefreshToken('somebody')

    const next = followingRefreshToken(token)

    assert.equal(isRefreshTokenShape(next), true)
    assert.deepEqual(placeOf(next), placeOf(token))
    assert.notEqual(hashOf(next), hashOf(token))
  })

  it('is filed under its subject, by an id that does not show the selector', () => {
    const token = mintRefreshToken('somebody')

    const { subjectTag, id } = placeOf(token)

    assert.equal(subjectTag, subjectTagOf('somebody'))
    assert.equal(id.length, 22)
    assert.ok(!token.includes(id))
  })

  it('begins another family with each login', () => {
    const places = [placeOf(mintRefreshToken('somebody')), placeOf(mintRefreshToken('somebody'))]

    assert.notEqual(places[0]?.id, places[1]?.id)
  })

  it('is no other text', () => {
    const token = mintRefreshToken('somebody')
    const others = [`${token}\n`, token.slice(1), token.toUpperCase(), 7, undefined]

    for (const other of others) assert.equal(isRefreshTokenShape(other), false)
  })
})
