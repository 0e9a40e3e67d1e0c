import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keyOf } from '../../src/tokens/token.ts'
import { aliveWith, dead, startAsked } from '../kit/asked-auth.ts'
import { asToken, bearer, post } from '../kit/auth-calls.ts'
import { watchedTokenStore } from '../kit/auth-parts.ts'
import { logIn, serviceTokenOf, startTestAuth } from '../kit/servers.ts'

describe('POST /validateToken with a list', () => {
  it('answers in the order of the list, each for its own token', async (t) => {
    const { url, ask, user } = await startAsked(t)
    const one = await logIn(url)
    const other = await logIn(url)
    await ask({ token: other })
    const unknown = `sp_s_${'a'.repeat(12)}_${'b'.repeat(43)}`

    const { status, body } = await ask({ tokens: [unknown, one, 'misshapen', other] })

    assert.equal(status, 200)
    assert.deepEqual(body, {
      results: [dead, aliveWith(user.id), dead, aliveWith(user.id, { refresh_count: 2 })],
    })
  })

  it('answers an empty list with an empty one', async (t) => {
    const { ask } = await startAsked(t)

    const { status, body } = await ask({ tokens: [] })

    assert.equal(status, 200)
    assert.deepEqual(body, { results: [] })
  })

  it('takes equal tokens for one validation', async (t) => {
    const { url, ask, user } = await startAsked(t)
    const token = await logIn(url)

    const { body } = await ask({ tokens: [token, 'misshapen', token, token] })

    const alive = aliveWith(user.id)
    assert.deepEqual(body, { results: [alive, dead, alive, alive] })
    assert.deepEqual((await ask({ token })).body, aliveWith(user.id, { refresh_count: 2 }))
  })

  it('is not spoilt by members that are no tokens at all', async (t) => {
    const { url, ask, user } = await startAsked(t)
    const token = await logIn(url)
    const strange = [null, 0, true, {}, [], [token], { token }, '', '\ud800', `${token} `, '\0']

    const { status, body } = await ask({ tokens: [...strange, token] })

    assert.equal(status, 200)
    assert.deepEqual(body, { results: [...strange.map(() => dead), aliveWith(user.id)] })
  })

  it('lets nothing reach the store that is no token of ours, nor anything twice', async (t) => {
    const { tokens, keys } = watchedTokenStore()
    const { url } = await startTestAuth(t, { tokens })
    const token = asToken(await logIn(url))
    const authorization = bearer(await serviceTokenOf(url))

    const json = { tokens: [`sp_s_${'.'.repeat(12)}_key`, token, null, `${token}x`, token] }
    const { status } = await post(`${url}/validateToken`, { authorization, json })

    assert.equal(status, 200)
    assert.deepEqual(keys, [keyOf(token)])
  })

  it('takes 1,024 members and refuses 1,025, which leaves all as they were', async (t) => {
    const { url, ask, user } = await startAsked(t)
    const token = await logIn(url)

    const refused = await ask({ tokens: Array.from({ length: 1_025 }, () => token) })
    const taken = await ask({ tokens: Array.from({ length: 1_024 }, () => token) })

    assert.equal(refused.status, 400)
    assert.equal(refused.body.error, 'invalid_request')
    assert.match(String(refused.body.error_description), /'tokens'/)
    assert.equal(taken.status, 200)
    assert.deepEqual(taken.body, {
      results: Array.from({ length: 1_024 }, () => aliveWith(user.id)),
    })
  })
})
