import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lengthOfList } from '../../src/business/validator.ts'
import { maxBearerLength } from '../../src/http/authorization.ts'
import { maxTokensPerCall, maxValidationBytes } from '../../src/validation.ts'

const waitingFor = (count: number, tokenLength: number) =>
  Array.from({ length: count }, () => ({ token: 'x'.repeat(tokenLength) }))

const bodyBytesOf = (waiting: readonly { readonly token: string }[]) =>
  Buffer.byteLength(JSON.stringify({ tokens: waiting.map(({ token }) => token) }))

describe('the length of a list', () => {
  it('is zero where nobody waits', () => {
    assert.equal(lengthOfList([]), 0)
  })

  it('is one where one waits, even with the longest token', () => {
    assert.equal(lengthOfList(waitingFor(1, maxBearerLength)), 1)
  })

  it('is the number of those who wait, up to what one call may ask', () => {
    assert.equal(lengthOfList(waitingFor(maxTokensPerCall, 61)), maxTokensPerCall)
  })

  it('is never more than what one call may ask', () => {
    assert.equal(lengthOfList(waitingFor(maxTokensPerCall + 1, 61)), maxTokensPerCall)
  })

  for (const tokenLength of [1_100, 2_048, maxBearerLength - 1, maxBearerLength]) {
    it(`is as much as the body of a call may hold, with tokens of ${tokenLength} characters`, () => {
      const waiting = waitingFor(maxTokensPerCall, tokenLength)

      const length = lengthOfList(waiting)

      assert.ok(bodyBytesOf(waiting.slice(0, length)) <= maxValidationBytes)
      assert.ok(bodyBytesOf(waiting.slice(0, length + 1)) > maxValidationBytes)
    })
  }

  it('ends before the first token that does not fit, though a later one would', () => {
    const waiting = [...waitingFor(255, maxBearerLength), ...waitingFor(1, 4_000), { token: 'x' }]

    assert.equal(lengthOfList(waiting), 255)
  })
})
