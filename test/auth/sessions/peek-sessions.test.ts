import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  lastUsedAt,
  livingInOrderOfUse,
  peekSessions,
} from '../../../src/auth/sessions/peek-sessions.ts'
import type { LivingToken, TokenId } from '../../../src/storage/ports.ts'
import { testPurposes } from '../../kit/servers.ts'
import { newSession } from './index-kit.ts'
import { openRealTime } from './open-memory.ts'

const purpose = testPurposes.session
const cap = purpose.capSeconds * 1000
const ttl = purpose.ttlSeconds * 1000

/** Issued at instant 0. */
function living(fields: Partial<LivingToken>): LivingToken {
  return {
    id: 'id' as TokenId,
    purpose: purpose.name,
    sub: 'user',
    name: 'Test User',
    scope: '',
    context: '',
    issuedAt: 0,
    expiresAt: ttl,
    capAt: cap,
    refreshCount: 0,
    judgedAt: 0,
    ...fields,
  }
}

describe('when a session was last used', () => {
  const vectors: readonly (readonly [string, Partial<LivingToken>, number])[] = [
    ['is its login, where nothing came after', { judgedAt: 10 }, 0],
    ['is its TTL before it dies', { expiresAt: ttl + 5_000, judgedAt: 9_000 }, 5_000],
    [
      'is, near the cap, the earliest that it can be',
      { expiresAt: cap, judgedAt: cap - 1 },
      cap - ttl,
    ],
    [
      'is not before its login, though its TTL was once shorter',
      { expiresAt: ttl - 1, judgedAt: 9 },
      0,
    ],
    [
      'is not later than now, though its TTL was once longer',
      { expiresAt: ttl + 50, judgedAt: 9 },
      9,
    ],
  ]
  for (const [what, fields, expected] of vectors) {
    it(what, () => {
      assert.equal(lastUsedAt(living(fields), purpose), expected)
    })
  }
})

describe('the order of sessions', () => {
  const peeked = (id: string, fields: Partial<LivingToken>) => ({
    indexed: newSession(),
    living: living({ id: id as TokenId, ...fields }),
  })
  const order = (...all: ReturnType<typeof peeked>[]) =>
    livingInOrderOfUse(all).map((one) => one.living.id)

  it('is that of their last use, the latest first, and then that of their logins', () => {
    const old = peeked('old', { expiresAt: 100 })
    const used = peeked('used', { expiresAt: 200 })
    const fresh = peeked('fresh', { expiresAt: 200, issuedAt: 5 })

    assert.deepEqual(order(old, used, fresh), ['fresh', 'used', 'old'])
  })

  it('is the same for all who look, also where everything was in one millisecond', () => {
    const [a, b] = [peeked('a', {}), peeked('b', {})]

    assert.deepEqual(order(a, b), ['a', 'b'])
    assert.deepEqual(order(b, a), ['a', 'b'])
  })

  it('leaves the dead out', () => {
    const dead = { indexed: newSession(), living: undefined }

    assert.deepEqual(livingInOrderOfUse([dead]), [])
  })
})

describe('a look at many sessions', () => {
  it('answers in their order and asks about four at once at most', async (t) => {
    const { tokens } = openRealTime(t)
    const sessions = Array.from({ length: 11 }, () => newSession())
    let waiting = 0
    let most = 0
    const watched = {
      ...tokens,
      async peek() {
        most = Math.max(most, ++waiting)
        await new Promise(setImmediate)
        waiting--
        return undefined
      },
    }

    const peeked = await peekSessions({ tokens: watched, purpose }, 'user', sessions)

    assert.deepEqual(
      peeked.map(({ indexed }) => indexed),
      sessions,
    )
    assert.equal(most, 4)
  })
})
