import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { configuredClients } from '../../src/auth/clients.ts'
import { keyOf } from '../../src/tokens/token.ts'
import { asToken, basic, post } from '../kit/auth-calls.ts'
import { startCountedAuth } from '../kit/auth-parts.ts'
import { manualClock } from '../kit/clock.ts'
import { serviceTokenOf, testClient, testPurposes } from '../kit/servers.ts'

const authorization = basic(testClient.id, testClient.secret)
const form = 'grant_type=client_credentials'

/** A client that may do two things, with an id and a secret that form-encoding changes. */
const strangeClient = { id: 'a client:+%', secret: 'ü secret with spaces & a colon: 100 % +' }
const clients = configuredClients([{ ...strangeClient, scopes: ['one', 'two'] }])
const strangeAuthorization = basic(
  encodeURIComponent(strangeClient.id),
  encodeURIComponent(strangeClient.secret),
)

describe('POST /token', () => {
  it('grants a service token with all that RFC 6749 §5.1 asks for, and nothing else', async (t) => {
    const { url } = await startCountedAuth(t)

    const { status, headers, body } = await post(`${url}/token`, { authorization, form })

    assert.equal(status, 200)
    assert.deepEqual(body, {
      access_token: asToken(body.access_token),
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'tokens:validate',
    })
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('content-type'), 'application/json')
  })

  it('issues it to the client, for its scope, for a fixed time', async (t) => {
    const clock = manualClock()
    const { url, tokens } = await startCountedAuth(t, { clock })

    const token = asToken(await serviceTokenOf(url))

    const living = await tokens.peek(keyOf(token), testPurposes.service)
    assert.equal(living?.sub, 'client:business')
    assert.equal(living?.scope, 'tokens:validate')
    clock.advance(299_999)
    assert.ok(await tokens.peek(keyOf(token), testPurposes.service))
    clock.advance(1)
    assert.equal(await tokens.peek(keyOf(token), testPurposes.service), undefined)
  })

  it('takes an id and a secret that are form-encoded, RFC 6749 §2.3.1', async (t) => {
    const { url } = await startCountedAuth(t, { clients })

    const { status } = await post(`${url}/token`, { authorization: strangeAuthorization, form })

    assert.equal(status, 200)
  })

  it('takes a plus in a secret for a space', async (t) => {
    const spaced = configuredClients([{ id: 'spaced', secret: 'one two', scopes: [] }])
    const { url } = await startCountedAuth(t, { clients: spaced })

    const plus = await post(`${url}/token`, { authorization: basic('spaced', 'one+two'), form })
    const escaped = await post(`${url}/token`, {
      authorization: basic('spaced', 'one%2Btwo'),
      form,
    })

    assert.equal(plus.status, 200)
    assert.equal(escaped.status, 401)
  })

  it('grants the part of the scope that was asked for', async (t) => {
    const { url } = await startCountedAuth(t, { clients })
    const asking = { authorization: strangeAuthorization, form: `${form}&scope=two` }

    const { status, body } = await post(`${url}/token`, asking)

    assert.equal(status, 200)
    assert.equal(body.scope, 'two')
  })

  it('grants the whole scope where none was asked for, or an empty one', async (t) => {
    const { url } = await startCountedAuth(t, { clients })
    const authorized = { authorization: strangeAuthorization }

    const none = await post(`${url}/token`, { ...authorized, form })
    const empty = await post(`${url}/token`, { ...authorized, form: `${form}&scope=` })

    assert.equal(none.body.scope, 'one two')
    assert.equal(empty.body.scope, 'one two')
  })

  it('grants a scope that was asked for twice once', async (t) => {
    const { url } = await startCountedAuth(t, { clients })
    const asking = { authorization: strangeAuthorization, form: `${form}&scope=two+one+two` }

    const { body } = await post(`${url}/token`, asking)

    assert.equal(body.scope, 'two one')
  })

  it('tells the log which client was served, and neither secret nor token', async (t) => {
    const { url, log } = await startCountedAuth(t)

    const token = await serviceTokenOf(url)

    const [line] = log.find('service token granted')
    assert.equal(line?.sub, 'client:business')
    assert.ok(!log.text().includes(testClient.secret))
    assert.ok(!log.text().includes(token.slice(18)))
  })
})
