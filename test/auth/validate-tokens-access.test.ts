/** The call is an oracle: who may use it, and what it refuses. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { configuredClients } from '../../src/auth/clients.ts'
import { keyOf } from '../../src/tokens/token.ts'
import { asToken, basic, bearer, post } from '../kit/auth-calls.ts'
import { startCountedAuth } from '../kit/auth-parts.ts'
import { manualClock } from '../kit/clock.ts'
import { logIn, serviceTokenOf, testClient, testPurposes } from '../kit/servers.ts'
import { exchange, statusesIn } from '../kit/sockets.ts'

/** auth with a session that is asked about. */
async function startWithSession(t: TestContext) {
  const clients = configuredClients([
    { ...testClient, scopes: ['tokens:validate'] },
    { ...testClient, id: 'other', scopes: ['tokens:validate:not', 'tokens'] },
  ])
  const clock = manualClock()
  const auth = await startCountedAuth(t, { clients, clock })
  const token = asToken(await logIn(auth.url))
  const wasReinflated = async () =>
    (await auth.tokens.peek(keyOf(token), testPurposes.session))?.refreshCount !== 0
  const ask = async (authorization: string | undefined, json: unknown = { token }) =>
    await post(`${auth.url}/validateToken`, {
      json,
      ...(authorization === undefined ? {} : { authorization }),
    })
  return { ...auth, clock, token, wasReinflated, ask }
}

describe('a validation call', () => {
  it('is refused without a token with a challenge that has no error code', async (t) => {
    const { ask, wasReinflated } = await startWithSession(t)

    const { status, headers, body } = await ask(undefined)

    assert.equal(status, 401)
    assert.equal(headers.get('www-authenticate'), 'Bearer realm="sallyport"')
    assert.equal(body.error, 'missing_token')
    assert.equal(await wasReinflated(), false)
  })

  it('is refused with a session token, which stays as it was', async (t) => {
    const { ask, token, wasReinflated } = await startWithSession(t)

    const { status, headers, body } = await ask(bearer(token))

    assert.equal(status, 401)
    assert.match(headers.get('www-authenticate') ?? '', /error="invalid_token"/)
    assert.equal(body.error, 'invalid_token')
    assert.equal(await wasReinflated(), false)
  })

  it('is refused with an unknown token, a misshapen one and client credentials', async (t) => {
    const { ask, wasReinflated } = await startWithSession(t)

    const unknown = await ask(bearer(`sp_c_${'a'.repeat(12)}_${'b'.repeat(43)}`))
    const misshapen = await ask(bearer('misshapen'))
    const credentials = await ask(basic(testClient.id, testClient.secret))

    assert.deepEqual([unknown.status, unknown.body.error], [401, 'invalid_token'])
    assert.deepEqual([misshapen.status, misshapen.body.error], [401, 'invalid_token'])
    assert.deepEqual([credentials.status, credentials.body.error], [401, 'invalid_token'])
    assert.equal(await wasReinflated(), false)
  })

  it('is refused with a service token that has expired, however often it was used', async (t) => {
    const { ask, url, clock } = await startWithSession(t)
    const service = bearer(await serviceTokenOf(url))
    clock.advance(299_999)
    const before = await ask(service)

    clock.advance(1)
    const after = await ask(service)

    assert.equal(before.status, 200)
    assert.deepEqual([after.status, after.body.error], [401, 'invalid_token'])
  })

  it('is refused with a service token that lacks the scope, or has only one like it', async (t) => {
    const { ask, url, wasReinflated } = await startWithSession(t)
    const service = await serviceTokenOf(url, { ...testClient, id: 'other' })

    const { status, headers, body } = await ask(bearer(service))

    assert.equal(status, 403)
    assert.equal(body.error, 'insufficient_scope')
    assert.match(headers.get('www-authenticate') ?? '', /error="insufficient_scope"/)
    assert.equal(await wasReinflated(), false)
  })

  it('is judged before its body is read', async (t) => {
    const { ask, url } = await startWithSession(t)
    const head = 'POST /validateToken HTTP/1.1\r\nHost: auth.test\r\nConnection: close\r\n'
    const promise = 'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n'

    const neverSent = await exchange(t, url, `${head}${promise}`)
    const malformed = await ask(bearer('misshapen'), { nothing: 'of use' })

    assert.deepEqual(statusesIn(neverSent), [401])
    assert.equal(malformed.status, 401)
  })

  it('says 503 where the store fails, and authenticates nobody', async (t) => {
    const { ask, url, tokens } = await startWithSession(t)
    const service = bearer(await serviceTokenOf(url))
    await tokens.close()

    const { status, headers, body } = await ask(service)

    assert.equal(status, 503)
    assert.equal(body.error, 'temporarily_unavailable')
    assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/)
  })
})

describe('the body of a validation call', () => {
  it('is refused over 1 MiB, and taken just under it', async (t) => {
    const { ask, url, token, wasReinflated } = await startWithSession(t)
    const service = bearer(await serviceTokenOf(url))
    const limit = 1024 * 1024 - JSON.stringify({ tokens: ['', token] }).length

    const refused = await ask(service, { tokens: ['x'.repeat(limit + 1), token] })
    const wasTouched = await wasReinflated()
    const taken = await ask(service, { tokens: ['x'.repeat(limit), token] })

    assert.deepEqual([refused.status, refused.body.error], [413, 'content_too_large'])
    assert.equal(wasTouched, false)
    assert.equal(taken.status, 200)
    assert.equal(await wasReinflated(), true)
  })

  it('is refused without token and tokens, and the answer names the field', async (t) => {
    const { ask, url } = await startWithSession(t)
    const service = bearer(await serviceTokenOf(url))

    const { status, body } = await ask(service, {})

    assert.equal(status, 400)
    assert.equal(body.error, 'invalid_request')
    assert.match(String(body.error_description), /'token'/)
  })

  it('is refused where the one token is no string and where the list is none', async (t) => {
    const { ask, url } = await startWithSession(t)
    const service = bearer(await serviceTokenOf(url))

    const number = await ask(service, { token: 7 })
    const notAList = await ask(service, { tokens: 'one' })

    assert.deepEqual([number.status, number.body.error], [400, 'invalid_request'])
    assert.deepEqual([notAList.status, notAList.body.error], [400, 'invalid_request'])
  })

  it('is refused as a form', async (t) => {
    const { url, token, wasReinflated } = await startWithSession(t)
    const authorization = bearer(await serviceTokenOf(url))

    const form = `token=${token}`
    const { status, body } = await post(`${url}/validateToken`, { authorization, form })

    assert.deepEqual([status, body.error], [415, 'unsupported_media_type'])
    assert.equal(await wasReinflated(), false)
  })
})
