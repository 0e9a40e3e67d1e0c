import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { maxBearerLength } from '../../src/http/authorization.ts'
import { answer, startFakeAuth } from '../kit/fake-auth.ts'
import { getData, startTestBusiness } from '../kit/servers.ts'

async function setUp(t: TestContext) {
  const auth = await startFakeAuth(t)
  const business = await startTestBusiness(t, { authUrl: auth.url })
  return { auth, business }
}

describe('a token that cannot be one', () => {
  const refuses = async (t: TestContext, token: string) => {
    const { auth, business } = await setUp(t)

    const response = await fetch(`${business.url}/data`, { headers: { token } })

    assert.equal(response.status, 401)
    assert.match(response.headers.get('www-authenticate') ?? '', /error="invalid_token"/)
    assert.deepEqual(auth.calls, [])
  }

  it('is refused without asking auth where it has a character of JSON', async (t) => {
    await refuses(t, 'one","two')
  })

  it('is refused without asking auth where it has a character beyond ASCII', async (t) => {
    await refuses(t, 'tok\u00e9n')
  })

  it('is refused without asking auth where it is empty', async (t) => {
    await refuses(t, '')
  })

  it('is refused without asking auth where it is too long by one character', async (t) => {
    await refuses(t, 'x'.repeat(maxBearerLength + 1))
  })
})

describe('an idle business', () => {
  it('waits for nobody: each request is a call of its own', async (t) => {
    const { auth, business } = await setUp(t)

    const first = await getData(business.url, 'good-1')
    const second = await getData(business.url, 'good-2')

    assert.deepEqual([first.status, second.status], [200, 200])
    assert.deepEqual(auth.lists(), [['good-1'], ['good-2']])
  })

  it('asks again about a token that it has just been told about', async (t) => {
    const { auth, business } = await setUp(t)

    const before = await getData(business.url, 'good-1')
    auth.always('/validateToken', answer(200, { results: [{ authenticated: false }] }))
    const afterwards = await getData(business.url, 'good-1')

    assert.deepEqual([before.status, afterwards.status], [200, 401])
    assert.deepEqual(auth.lists(), [['good-1'], ['good-1']])
  })

  it('sends the longest token that a header may carry', async (t) => {
    const { auth, business } = await setUp(t)
    const longest = 'x'.repeat(maxBearerLength)

    const response = await getData(business.url, longest)

    assert.equal(response.status, 200)
    assert.deepEqual(auth.lists(), [[longest]])
  })
})
