import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { followingRefreshToken, mintRefreshToken } from '../../../src/auth/jwt/refresh-token.ts'
import { openAnswer, sealAnswer } from '../../../src/auth/jwt/sealed-answer.ts'

const presented = mintRefreshToken('somebody')
const answer = '{"access_token":"é"}'

describe('a sealed answer', () => {
  it('is opened by the token that was presented', () => {
    const sealed = sealAnswer(answer, presented)

    const opened = openAnswer(sealed, presented)

    assert.equal(opened, answer)
  })

  it('is opened by no other token of the family', () => {
    const sealed = sealAnswer(answer, presented)

    const opening = () => openAnswer(sealed, followingRefreshToken(presented))

    assert.throws(opening)
  })

  it('is not opened where one character has changed, or where it was cut', () => {
    const sealed = sealAnswer(answer, presented)
    const changed = sealed.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))

    for (const other of [changed, sealed.slice(0, -4), ''])
      assert.throws(() => openAnswer(other, presented))
  })

  it('differs each time, and shows nothing of the answer', () => {
    const [first, second] = [sealAnswer(answer, presented), sealAnswer(answer, presented)]

    assert.notEqual(first, second)
    assert.ok(!Buffer.from(first, 'base64url').includes('access'))
  })
})
