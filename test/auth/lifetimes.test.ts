import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { remainingCapSeconds, remainingSeconds } from '../../src/auth/lifetimes.ts'
import type { LivingToken, TokenId } from '../../src/storage/ports.ts'

function livingToken(times: Pick<LivingToken, 'expiresAt' | 'capAt' | 'judgedAt'>): LivingToken {
  return {
    id: 'an id' as TokenId, // any will do
    purpose: 'session',
    sub: 'somebody',
    name: 'Somebody',
    scope: '',
    context: '',
    issuedAt: 0,
    refreshCount: 0,
    ...times,
  }
}

describe('the seconds that a token has left', () => {
  it('are rounded down, so that no more is promised than there is', () => {
    const vectors = [
      { expiresAt: 30_000, capAt: 60_000, judgedAt: 0, seconds: 30, capSeconds: 60 },
      { expiresAt: 30_999, capAt: 60_999, judgedAt: 0, seconds: 30, capSeconds: 60 },
      { expiresAt: 30_000, capAt: 60_000, judgedAt: 1, seconds: 29, capSeconds: 59 },
      { expiresAt: 30_000, capAt: 30_000, judgedAt: 29_001, seconds: 0, capSeconds: 0 },
    ]

    for (const { seconds, capSeconds, ...times } of vectors) {
      assert.equal(remainingSeconds(livingToken(times)), seconds)
      assert.equal(remainingCapSeconds(livingToken(times)), capSeconds)
    }
  })
})
