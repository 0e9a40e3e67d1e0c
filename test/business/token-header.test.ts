import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { logIn, startTestAuth, startTestBusiness } from '../kit/servers.ts'
import { exchange, statusesIn } from '../kit/sockets.ts'

/** Both servers, and somebody logged in. */
async function setUp(t: TestContext) {
  const auth = await startTestAuth(t)
  const business = await startTestBusiness(t, { authUrl: auth.url })
  const token = await logIn(auth.url)
  const get = (headers: Record<string, string>) => fetch(`${business.url}/data`, { headers })
  return { auth, business, token, get }
}

async function errorOf(response: Response): Promise<unknown> {
  return ((await response.json()) as { error: unknown }).error
}

async function lifeIn(response: Response): Promise<Record<string, unknown>> {
  return ((await response.json()) as { data: Record<string, unknown> }).data
}

describe('the header that brings the token', () => {
  it('is authorization, with the scheme in any case', async (t) => {
    const { get, token } = await setUp(t)

    const response = await get({ authorization: `bEARER ${token}` })

    assert.equal(response.status, 200)
  })

  it('is token, as an alias', async (t) => {
    const { get, token } = await setUp(t)

    const response = await get({ token })

    assert.equal(response.status, 200)
  })

  it('may be both where they agree, and that is one validation', async (t) => {
    const { get, token } = await setUp(t)

    const response = await get({ authorization: `Bearer ${token}`, token })

    assert.equal(response.status, 200)
    assert.equal((await lifeIn(response)).refresh_count, 1)
  })

  it('is refused where both bring different tokens, and neither is reinflated', async (t) => {
    const { get, auth, token } = await setUp(t)
    const other = await logIn(auth.url)

    const response = await get({ authorization: `Bearer ${token}`, token: other })

    assert.equal(response.status, 400)
    assert.equal(await errorOf(response), 'invalid_request')
    assert.equal((await lifeIn(await get({ token }))).refresh_count, 1)
    assert.equal((await lifeIn(await get({ token: other }))).refresh_count, 1)
  })

  it('is refused where authorization stands twice, even with the same token', async (t) => {
    const { business, token, get } = await setUp(t)
    const line = `Authorization: Bearer ${token}\r\n`

    const received = await exchange(
      t,
      business.url,
      `GET /data HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${line}${line}\r\n`,
    )

    assert.deepEqual(statusesIn(received), [400])
    assert.match(received, /"error":"invalid_request"/)
    assert.equal((await lifeIn(await get({ token }))).refresh_count, 1)
  })

  it('is refused where token stands twice', async (t) => {
    const { business, token, get } = await setUp(t)
    const line = `Token: ${token}\r\n`

    const received = await exchange(
      t,
      business.url,
      `GET /data HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${line}${line}\r\n`,
    )

    assert.deepEqual(statusesIn(received), [400])
    assert.equal((await lifeIn(await get({ token }))).refresh_count, 1)
  })

  it('gets a challenge without an error code where it is missing', async (t) => {
    const { get } = await setUp(t)

    const response = await get({})

    assert.equal(response.status, 401)
    assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="sallyport"')
    assert.equal(await errorOf(response), 'missing_token')
  })

  it('gets a challenge without an error code where it is of another scheme', async (t) => {
    const { get } = await setUp(t)

    const response = await get({ authorization: 'Basic dXNlcjpwYXNz' })

    assert.equal(response.status, 401)
    assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="sallyport"')
  })

  it('is malformed where it is the scheme alone', async (t) => {
    const { get } = await setUp(t)

    const response = await get({ authorization: 'Bearer' })

    assert.equal(response.status, 400)
    assert.equal(await errorOf(response), 'invalid_request')
  })

  it('is malformed where it brings two tokens', async (t) => {
    const { get, token } = await setUp(t)

    const response = await get({ authorization: `Bearer ${token} ${token}` })

    assert.equal(response.status, 400)
    assert.equal((await lifeIn(await get({ token }))).refresh_count, 1)
  })
})
