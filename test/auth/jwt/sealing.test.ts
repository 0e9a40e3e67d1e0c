import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { followingRefreshToken, mintRefreshToken } from '../../../src/auth/jwt/refresh-token.ts'
import { createKeySealing, openAnswer, sealAnswer } from '../../../src/auth/jwt/sealing.ts'

const secret = 'a-secret-to-encrypt-keys-under-of-43-letters'
const sealing = createKeySealing(secret)

describe('a sealed key', () => {
  it('opens under its secret and its kid, in any process', () => {
    const sealed = sealing.seal('kid', 'the private half, grüß dich')

    assert.equal(createKeySealing(secret).open('kid', sealed), 'the private half, grüß dich')
  })

  it('shows nothing of what is in it, and is another each time', () => {
    const [one, other] = [
      sealing.seal('kid', 'the private half'),
      sealing.seal('kid', 'the private half'),
    ]

    assert.notEqual(one, other)
    for (const sealed of [one, other])
      assert.equal(Buffer.from(sealed, 'base64url').includes('private'), false)
  })

  it('opens under no other secret', () => {
    const sealed = sealing.seal('kid', 'the private half')

    assert.equal(createKeySealing(`${secret}x`).open('kid', sealed), undefined)
  })

  it('opens under no other kid: none is put in the place of another', () => {
    assert.equal(sealing.open('other', sealing.seal('kid', 'the private half')), undefined)
  })

  it('does not open where one bit of it is another, or an end of it is missing', () => {
    const bytes = Buffer.from(sealing.seal('kid', 'half'), 'base64url')

    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes)
      changed[index] = (changed[index] ?? 0) ^ 1
      assert.equal(sealing.open('kid', changed.toString('base64url')), undefined, `byte ${index}`)
      const cut = bytes.subarray(0, index)
      assert.equal(sealing.open('kid', cut.toString('base64url')), undefined, `${index} bytes`)
    }
  })
})

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
