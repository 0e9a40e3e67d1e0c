import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { memoryTokenStore } from '../../src/storage/memory/tokens.ts'
import type { TokenStore } from '../../src/storage/ports.ts'
import { basic, type PostOptions, post } from '../kit/auth-calls.ts'
import { correct, startCountedAuth } from '../kit/auth-parts.ts'
import { createGate } from '../kit/gate.ts'
import { startTestAuth, testClient, testPurposes } from '../kit/servers.ts'

const authorization = basic(testClient.id, testClient.secret)
const form = 'grant_type=client_credentials'

/** The answer to a request for a service token, after which none is there. */
async function refusalOf(t: TestContext, options: PostOptions) {
  const { url, tokenCount, log } = await startCountedAuth(t)

  const { status, headers, body } = await post(`${url}/token`, options)

  assert.equal(await tokenCount(), 0)
  assert.deepEqual(log.find('service token granted'), [])
  assert.ok(!log.text().includes('planted'))
  assert.equal(headers.get('cache-control'), 'no-store')
  return { status, error: body.error, challenge: headers.get('www-authenticate') }
}

const invalidClient = {
  status: 401,
  error: 'invalid_client',
  challenge: 'Basic realm="sallyport", charset="UTF-8"',
}
const invalidRequest = { status: 400, error: 'invalid_request', challenge: null }

describe('a client without the right credentials', () => {
  it('is refused with a wrong secret', async (t) => {
    const wrong = basic(testClient.id, 'planted-secret')

    assert.deepEqual(await refusalOf(t, { authorization: wrong, form }), invalidClient)
  })

  it('is refused with an empty secret', async (t) => {
    assert.deepEqual(
      await refusalOf(t, { authorization: basic(testClient.id, ''), form }),
      invalidClient,
    )
  })

  it('is refused with an id that nobody has, and an empty one', async (t) => {
    const unknown = basic('planted-client', testClient.secret)

    assert.deepEqual(await refusalOf(t, { authorization: unknown, form }), invalidClient)
    assert.deepEqual(await refusalOf(t, { authorization: basic('', ''), form }), invalidClient)
  })

  it('is refused with the name of something that every object has', async (t) => {
    const inherited = basic('constructor', testClient.secret)

    assert.deepEqual(await refusalOf(t, { authorization: inherited, form }), invalidClient)
  })

  it('is refused with a bad escape in id or secret', async (t) => {
    const badId = basic('%', testClient.secret)
    const badSecret = basic(testClient.id, '%ff')

    assert.deepEqual(await refusalOf(t, { authorization: badId, form }), invalidClient)
    assert.deepEqual(await refusalOf(t, { authorization: badSecret, form }), invalidClient)
  })

  it('is refused without authentication', async (t) => {
    assert.deepEqual(await refusalOf(t, { form }), invalidClient)
  })

  it('is refused with its credentials in the body', async (t) => {
    const credentials = `client_id=${testClient.id}&client_secret=${testClient.secret}`

    assert.deepEqual(await refusalOf(t, { form: `${form}&${credentials}` }), invalidClient)
  })

  it("is refused with a user's name and password", async (t) => {
    const user = basic(correct.username, correct.password)

    assert.deepEqual(await refusalOf(t, { authorization: user, form }), invalidClient)
  })

  it('is refused the same way whether it is unknown or its secret is wrong', async (t) => {
    const { url } = await startCountedAuth(t)

    const wrong = await post(`${url}/token`, { authorization: basic(testClient.id, 'wrong'), form })
    const unknown = await post(`${url}/token`, { authorization: basic('nobody', 'wrong'), form })

    const { request_id: one, ...wrongBody } = wrong.body
    const { request_id: other, ...unknownBody } = unknown.body
    assert.notEqual(one, other)
    assert.deepEqual(unknownBody, wrongBody)
    assert.deepEqual([...unknown.headers.keys()], [...wrong.headers.keys()])
  })
})

describe('a client with the right credentials', () => {
  it('is refused with Basic credentials that are no base64', async (t) => {
    const refusal = await refusalOf(t, { authorization: 'Basic %%%', form })

    assert.deepEqual(refusal, invalidRequest)
  })

  it('is refused with a JSON body', async (t) => {
    const json = { grant_type: 'client_credentials' }

    assert.deepEqual(await refusalOf(t, { authorization, json }), {
      status: 415,
      error: 'unsupported_media_type',
      challenge: null,
    })
  })

  it('is refused without a body', async (t) => {
    assert.deepEqual(await refusalOf(t, { authorization }), invalidRequest)
  })

  it('is refused without a grant type', async (t) => {
    assert.deepEqual(await refusalOf(t, { authorization, form: 'scope=' }), invalidRequest)
  })

  it('is refused with an empty grant type as if there were none, RFC 6749 §3.2', async (t) => {
    assert.deepEqual(await refusalOf(t, { authorization, form: 'grant_type=' }), invalidRequest)
  })

  it('is refused with another grant type', async (t) => {
    const refusal = await refusalOf(t, { authorization, form: 'grant_type=password' })

    assert.deepEqual(refusal, { status: 400, error: 'unsupported_grant_type', challenge: null })
  })

  it('is refused with a doubled parameter', async (t) => {
    const doubled = `${form}&grant_type=client_credentials`

    assert.deepEqual(await refusalOf(t, { authorization, form: doubled }), invalidRequest)
  })

  it('is refused with a scope that it may not have, alone or among others', async (t) => {
    const invalidScope = { status: 400, error: 'invalid_scope', challenge: null }

    const alone = await refusalOf(t, { authorization, form: `${form}&scope=everything` })
    const among = await refusalOf(t, {
      authorization,
      form: `${form}&scope=tokens:validate+everything`,
    })

    assert.deepEqual(alone, invalidScope)
    assert.deepEqual(among, invalidScope)
  })

  it('is refused with a part of the name of a scope that it may have', async (t) => {
    const refusal = await refusalOf(t, { authorization, form: `${form}&scope=tokens` })

    assert.deepEqual(refusal, { status: 400, error: 'invalid_scope', challenge: null })
  })

  it('is refused where everything of it is ended meanwhile', async (t) => {
    const store = memoryTokenStore({ now: Date.now, maxTokens: 10, reservedPlaces: 1 })
    const hasRead = createGate()
    const release = createGate()
    const tokens: TokenStore = {
      ...store,
      async marks(sub, purposes) {
        const marks = await store.marks(sub, purposes)
        hasRead.open()
        await release.opened
        return marks
      },
    }
    const { url } = await startTestAuth(t, { tokens })
    const asking = post(`${url}/token`, { authorization, form })
    await hasRead.opened

    await store.revokeSubject('client:business', [testPurposes.service])
    release.open()

    const { status, body } = await asking
    assert.equal(status, 401)
    assert.equal(body.error, 'invalid_client')
    assert.equal(await store.count(), 0)
  })

  it('gets a 503 where the store fails', async (t) => {
    const { url, tokens } = await startCountedAuth(t)
    await tokens.close()

    const { status, headers, body } = await post(`${url}/token`, { authorization, form })

    assert.equal(status, 503)
    assert.equal(body.error, 'temporarily_unavailable')
    assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/)
  })
})
