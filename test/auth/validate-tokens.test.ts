import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SingleUsePurpose } from '../../src/storage/ports.ts'
import { keyOf, mintToken } from '../../src/tokens/token.ts'
import { aliveWith, dead, startAsked, startsAt } from '../kit/asked-auth.ts'
import { asToken, bearer, post } from '../kit/auth-calls.ts'
import { logIn, testPurposes } from '../kit/servers.ts'

describe('POST /validateToken with one token', () => {
  it('tells of a living one whose it is and how long it lives, and nothing else', async (t) => {
    const { url, ask, user } = await startAsked(t)
    const token = await logIn(url)

    const { status, headers, body } = await ask({ token })

    assert.equal(status, 200)
    assert.deepEqual(body, aliveWith(user.id))
    assert.equal(headers.get('cache-control'), 'no-store')
  })

  it('says exactly that a dead one is not authenticated', async (t) => {
    const { url, ask, clock } = await startAsked(t)
    const token = await logIn(url)
    clock.advance(30_000)

    const { status, body } = await ask({ token })

    assert.equal(status, 200)
    assert.deepEqual(body, dead)
  })

  it('says the same of an unknown one, a misshapen one and an empty one', async (t) => {
    const { ask } = await startAsked(t)

    const unknown = await ask({ token: `sp_s_${'a'.repeat(12)}_${'b'.repeat(43)}` })
    const misshapen = await ask({ token: 'no token of ours' })
    const empty = await ask({ token: '' })

    assert.deepEqual([unknown.status, unknown.body], [200, dead])
    assert.deepEqual([misshapen.status, misshapen.body], [200, dead])
    assert.deepEqual([empty.status, empty.body], [200, dead])
  })

  it('reinflates it: each time it lives on for the whole TTL, and the cap comes nearer', async (t) => {
    const { url, ask, clock, user } = await startAsked(t)
    const token = await logIn(url)

    clock.advance(29_999)
    const first = await ask({ token })
    clock.advance(29_999)
    const second = await ask({ token })

    assert.deepEqual(first.body, aliveWith(user.id, { cap_in: 43_170 }))
    assert.deepEqual(second.body, aliveWith(user.id, { cap_in: 43_140, refresh_count: 2 }))
  })

  it('never promises more than is left before the cap, in whole seconds rounded down', async (t) => {
    const { url, ask, clock, user, tokens, renew } = await startAsked(t)
    const token = asToken(await logIn(url))
    for (let seconds = 0; seconds < 43_175; seconds += 25) {
      clock.advance(25_000)
      await tokens.reinflate([keyOf(token)], testPurposes.session)
    }
    clock.advance(14_500)
    await renew()

    const { body } = await ask({ token })

    const left = { expires_in: 10, cap_in: 10, refresh_count: 1_728 }
    assert.deepEqual(body, aliveWith(user.id, left))
    clock.advance(10_500)
    assert.deepEqual((await ask({ token })).body, dead)
  })

  it('says nothing of a token after a logout', async (t) => {
    const { url, ask } = await startAsked(t)
    const token = await logIn(url)
    await post(`${url}/logout`, { authorization: bearer(token) })

    assert.deepEqual((await ask({ token })).body, dead)
  })

  it('says nothing of a token whose subject was ended', async (t) => {
    const { url, ask, tokens, user } = await startAsked(t)
    const token = await logIn(url)
    await tokens.revokeSubject(user.id, [testPurposes.session])

    assert.deepEqual((await ask({ token })).body, dead)
  })
})

describe('POST /validateToken with a token of another purpose', () => {
  it('neither authenticates nor extends a service token', async (t) => {
    const { ask, clock, tokens, serviceToken } = await startAsked(t)
    clock.advance(10_000)

    const { body } = await ask({ token: serviceToken })

    assert.deepEqual(body, dead)
    const living = await tokens.peek(keyOf(asToken(serviceToken)), testPurposes.service)
    assert.equal(living?.expiresAt, startsAt + 300_000)
    assert.equal(living?.refreshCount, 0)
  })

  it('neither authenticates nor consumes nor extends a single-use token', async (t) => {
    const { ask, clock, tokens, user } = await startAsked(t)
    const purpose: SingleUsePurpose = {
      name: 'once',
      letter: 'o',
      flavour: 'single_use',
      ttlSeconds: 60,
      hasReservedRoom: false,
    }
    const request = { purpose, sub: user.id, name: user.name, scope: '', mark: undefined }
    const { token, filed } = mintToken(request)
    await tokens.issue(filed)
    clock.advance(10_000)

    const { body } = await ask({ token })

    assert.deepEqual(body, dead)
    const taken = await tokens.take(keyOf(token), purpose)
    assert.equal(taken?.expiresAt, startsAt + 60_000)
    assert.equal(taken?.refreshCount, 0)
  })
})
