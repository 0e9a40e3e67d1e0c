import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { keyOf } from '../../src/tokens/token.ts'
import { asToken, basic, bearer, post } from '../kit/auth-calls.ts'
import { correct, startCountedAuth, watchedTokenStore } from '../kit/auth-parts.ts'
import { manualClock } from '../kit/clock.ts'
import { logIn, serviceTokenOf, startTestAuth, testPurposes } from '../kit/servers.ts'

/** auth with one session that must not suffer from what the test does. */
async function startWithSession(t: TestContext) {
  const auth = await startCountedAuth(t)
  const token = asToken(await logIn(auth.url))
  const isAlive = async () =>
    (await auth.tokens.peek(keyOf(token), testPurposes.session)) !== undefined
  return { ...auth, token, isAlive }
}

describe('POST /logout', () => {
  it('answers 204 without a body and ends the token', async (t) => {
    const { url, token, isAlive, tokenCount } = await startWithSession(t)

    const { status, headers, body } = await post(`${url}/logout`, { authorization: bearer(token) })

    assert.equal(status, 204)
    assert.deepEqual(body, {})
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(await isAlive(), false)
    assert.equal(await tokenCount(), 0)
  })

  it('ends this session of the user and no other', async (t) => {
    const { url, token, isAlive } = await startWithSession(t)
    const other = await logIn(url)

    await post(`${url}/logout`, { authorization: bearer(other) })

    assert.equal(await isAlive(), true)
    const service = await serviceTokenOf(url)
    const { body } = await post(`${url}/validateToken`, {
      authorization: bearer(service),
      json: { tokens: [token, other] },
    })
    assert.deepEqual((body.results as unknown[])[1], { authenticated: false }) // the shape is another test's
  })

  it('answers 204 for a token that has been logged out already', async (t) => {
    const { url, token } = await startWithSession(t)
    await post(`${url}/logout`, { authorization: bearer(token) })

    const { status } = await post(`${url}/logout`, { authorization: bearer(token) })

    assert.equal(status, 204)
  })

  it('answers 204 for a token that has expired', async (t) => {
    const clock = manualClock()
    const { url, log } = await startCountedAuth(t, { clock })
    const token = await logIn(url)
    clock.advance(30_000)

    const { status } = await post(`${url}/logout`, { authorization: bearer(token) })

    assert.equal(status, 204)
    assert.deepEqual(log.find('logged out'), [])
  })

  it('answers 204 for a token that was never issued, and ends no other', async (t) => {
    const { url, token, isAlive } = await startWithSession(t)
    const unknown = `${token.slice(0, -1)}${token.endsWith('A') ? 'E' : 'A'}`

    const { status } = await post(`${url}/logout`, { authorization: bearer(unknown) })

    assert.equal(status, 204)
    assert.equal(await isAlive(), true)
  })

  it('answers 204 for what is no token of ours', async (t) => {
    const { url, isAlive } = await startWithSession(t)

    const { status } = await post(`${url}/logout`, { authorization: bearer('something.else') })

    assert.equal(status, 204)
    assert.equal(await isAlive(), true)
  })

  it('lets nothing reach the store that is no token of ours', async (t) => {
    const { tokens, keys } = watchedTokenStore()
    const { url } = await startTestAuth(t, { tokens })
    const token = asToken(await logIn(url))

    await post(`${url}/logout`, { authorization: bearer(`sp_s_${'.'.repeat(12)}_key`) })
    await post(`${url}/logout`, { authorization: bearer(token) })

    assert.deepEqual(keys, [keyOf(token)])
  })

  it('answers 204 for a service token and leaves it alive', async (t) => {
    const { url, tokens } = await startWithSession(t)
    const service = asToken(await serviceTokenOf(url))

    const { status } = await post(`${url}/logout`, { authorization: bearer(service) })

    assert.equal(status, 204)
    assert.ok(await tokens.peek(keyOf(service), testPurposes.service))
  })

  it('says 401 without error code where no token comes along', async (t) => {
    const { url, isAlive } = await startWithSession(t)

    const { status, headers, body } = await post(`${url}/logout`)

    assert.equal(status, 401)
    assert.equal(headers.get('www-authenticate'), 'Bearer realm="sallyport"')
    assert.equal(body.error, 'missing_token')
    assert.equal(await isAlive(), true)
  })

  it('says 401 to HTTP Basic, even with the right password', async (t) => {
    const { url, isAlive } = await startWithSession(t)

    const authorization = basic(correct.username, correct.password)
    const { status, body } = await post(`${url}/logout`, { authorization })

    assert.equal(status, 401)
    assert.equal(body.error, 'missing_token')
    assert.equal(await isAlive(), true)
  })

  it('says 400 to a bearer header without a token or with two', async (t) => {
    const { url, token, isAlive } = await startWithSession(t)

    const none = await post(`${url}/logout`, { authorization: 'Bearer' })
    const two = await post(`${url}/logout`, { authorization: `Bearer ${token} ${token}` })

    assert.equal(none.status, 400)
    assert.equal(two.status, 400)
    assert.equal(await isAlive(), true)
  })

  it('says 503, not 204, where the store fails', async (t) => {
    const { url, token, tokens, log } = await startWithSession(t)
    await tokens.close()

    const { status, headers, body } = await post(`${url}/logout`, { authorization: bearer(token) })

    assert.equal(status, 503)
    assert.equal(body.error, 'temporarily_unavailable')
    assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/)
    assert.deepEqual(log.find('logged out'), [])
  })

  it('tells the log whose session has ended, and not the token', async (t) => {
    const { url, token, user, log } = await startWithSession(t)

    await post(`${url}/logout`, { authorization: bearer(token) })

    const [line] = log.find('logged out')
    assert.equal(line?.sub, user.id)
    assert.equal(line?.session, log.find('logged in')[0]?.session)
    assert.ok(!log.text().includes(token.slice(18)))
  })
})
