import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLocalValidator } from '../../../src/business/local/local-validator.ts'
import { makeKey, sign, startLocal } from './key-pairs.ts'

describe('business that checks JWTs itself', () => {
  for (const algorithm of ['EdDSA', 'ES256']) {
    it(`lets a token in that was signed by ${algorithm}, without asking auth about it`, async (t) => {
      const key = await makeKey(algorithm)
      const { ask, auth, clock } = await startLocal(t, [key])
      const token = await sign(key, clock.now())

      const first = await ask(token)
      clock.advance(10_000)
      const second = await ask(token)

      const answerOf = (expiresIn: number) => ({
        status: 200,
        data: { greeting: 'Hello!', expires_in: expiresIn },
      })
      assert.deepEqual([first, second], [answerOf(300), answerOf(290)])
      assert.deepEqual(auth.lists(), [])
    })
  }

  it('asks auth about every other token', async (t) => {
    const { ask, auth, fetches } = await startLocal(t, [await makeKey()])

    const { status } = await ask('sp_s_some-subject_token')

    assert.equal(status, 200)
    assert.deepEqual(auth.lists(), [['sp_s_some-subject_token']])
    assert.equal(fetches(), 0)
  })

  it('lets a token in until the instant at which it expires', async (t) => {
    const key = await makeKey()
    const { ask, clock } = await startLocal(t, [key])
    const token = await sign(key, clock.now())
    await ask(token)

    clock.advance(300_000 - 1)
    const before = await ask(token)
    clock.advance(1)
    const after = await ask(token)

    assert.equal(before.status, 200)
    assert.deepEqual(after, { status: 401, error: 'invalid_token' })
  })

  it('takes one audience of several for its own', async (t) => {
    const key = await makeKey()
    const { ask, clock } = await startLocal(t, [key])

    const token = await sign(key, clock.now(), { claims: { aud: ['other', 'business'] } })

    assert.equal((await ask(token)).status, 200)
  })

  it('takes a token from an auth whose clock is a little ahead', async (t) => {
    const key = await makeKey()
    const { ask, clock } = await startLocal(t, [key])

    const token = await sign(key, clock.now() + 4_000)

    assert.equal((await ask(token)).status, 200)
  })

  it('verifies a token once, and again when too many others came after it', async () => {
    const key = { kid: 'key', algorithm: 'EdDSA', key: {} as never }
    const verified: string[] = []
    const validate = createLocalValidator({
      ask: () => Promise.reject(new Error('auth is not asked')),
      check: async (token) => {
        verified.push(token)
        return { key, sub: 'user', scope: '', issuedAt: 0, expiresAt: 1_000 }
      },
      keySet: { isGood: () => true },
      clock: { now: () => 0 },
      maxRemembered: 2,
    })

    for (const token of ['a.a.a', 'b.b.b', 'a.a.a', 'c.c.c', 'b.b.b', 'a.a.a'])
      await validate(token, { notes: undefined })

    assert.deepEqual(verified, ['a.a.a', 'b.b.b', 'c.c.c', 'a.a.a'])
  })
})
