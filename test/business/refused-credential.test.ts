import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import {
  answer,
  type Behaviour,
  closeWithoutAnswer,
  resetConnection,
  startFakeAuth,
} from '../kit/fake-auth.ts'
import { recordedLog } from '../kit/log.ts'
import { getData, startTestBusiness } from '../kit/servers.ts'
import { assertLogIsClean, assertUnavailable } from '../kit/unavailable.ts'

const token = 'a-bearer-token-of-no-known-shape'
/** So long that it decides nothing here. */
const deadlineMilliseconds = 10_000
const refuse = answer(
  401,
  { error: 'invalid_token' },
  { 'www-authenticate': 'Bearer error="invalid_token"' },
)

async function setUp(t: TestContext) {
  const auth = await startFakeAuth(t)
  const log = recordedLog()
  const business = await startTestBusiness(t, { authUrl: auth.url, log, deadlineMilliseconds })
  const credentialsUsed = () =>
    auth.callsTo('/validateToken').map(({ authorization }) => authorization)
  return { auth, log, business, credentialsUsed }
}

describe('business, where auth refuses its service token', () => {
  it('fetches a new one, asks once more and serves its client', async (t) => {
    const { auth, business, credentialsUsed } = await setUp(t)
    auth.next('/validateToken', refuse)

    const response = await getData(business.url, token)

    assert.equal(response.status, 200)
    assert.equal(auth.callsTo('/token').length, 2)
    assert.deepEqual(credentialsUsed(), ['Bearer credential-1', 'Bearer credential-2'])
  })

  it('keeps to the new one', async (t) => {
    const { auth, business, credentialsUsed } = await setUp(t)
    auth.next('/validateToken', refuse)
    await getData(business.url, token)

    const response = await getData(business.url, token)

    assert.equal(response.status, 200)
    assert.equal(auth.callsTo('/token').length, 2)
    assert.equal(credentialsUsed().at(-1), 'Bearer credential-2')
  })

  it('answers 503, never 401, where the new one is refused too', async (t) => {
    const { auth, log, business } = await setUp(t)
    auth.next('/validateToken', refuse, refuse)

    const response = await getData(business.url, token)

    await assertUnavailable(response)
    assert.equal(auth.callsTo('/token').length, 2)
    assert.deepEqual(auth.lists(), [[token], [token]])
    assertLogIsClean(log, token)
  })

  it('answers 503 where no new one is granted, and the next request tries again', async (t) => {
    const { auth, business } = await setUp(t)
    await business.serviceToken.fetch()
    auth.next('/validateToken', refuse)
    auth.next('/token', answer(503, { error: 'temporarily_unavailable' }))

    const during = await getData(business.url, token)
    const afterwards = await getData(business.url, token)

    await assertUnavailable(during)
    assert.equal(afterwards.status, 200)
  })
})

/** The first request for a service token is treated so; then auth is well again. */
async function answersUnavailable(t: TestContext, behaviour: Behaviour) {
  const { auth, log, business } = await setUp(t)
  auth.next('/token', behaviour)

  const response = await getData(business.url, token)

  await assertUnavailable(response)
  assert.deepEqual(auth.lists(), [])
  const next = await getData(business.url, token)
  assert.equal(next.status, 200)
  assertLogIsClean(log, token, 'top-secret')
}

describe('business, where auth does not grant it a service token', () => {
  it('answers 503, never 401, where its credential is refused', async (t) => {
    await answersUnavailable(t, answer(401, { error: 'invalid_client' }))
  })

  it('answers 503 where auth answers 500', async (t) => {
    await answersUnavailable(t, answer(500, { error: 'server_error' }))
  })

  it('answers 503 where auth answers 400', async (t) => {
    await answersUnavailable(t, answer(400, { error: 'invalid_scope' }))
  })

  it('answers 503 where auth answers with a page of HTML', async (t) => {
    await answersUnavailable(t, answer(200, '<p>top-secret</p>'))
  })

  it('answers 503 where the life of the token is a string', async (t) => {
    const grant = { access_token: 'top-secret', token_type: 'Bearer', scope: 'tokens:validate' }

    await answersUnavailable(t, answer(200, { ...grant, expires_in: '300' }))
  })

  it('answers 503 where there is no token in the grant', async (t) => {
    const grant = { token_type: 'Bearer', expires_in: 300, scope: 'tokens:validate' }

    await answersUnavailable(t, answer(200, grant))
  })

  it('answers 503 where auth redirects, and does not bring its credential there', async (t) => {
    const stranger = await startFakeAuth(t)

    await answersUnavailable(t, answer(307, '', { location: `${stranger.url}/token` }))

    assert.deepEqual(stranger.calls, [])
  })
})

describe('business, where its connection is lost while it asks for a service token', () => {
  it('asks once more after a reset', async (t) => {
    const { auth, business } = await setUp(t)
    auth.next('/token', resetConnection)

    const response = await getData(business.url, token)

    assert.equal(response.status, 200)
    assert.equal(auth.callsTo('/token').length, 2)
  })

  it('answers 503 where auth closes without an answer twice', async (t) => {
    const { auth, log, business } = await setUp(t)
    auth.next('/token', closeWithoutAnswer, closeWithoutAnswer)

    const response = await getData(business.url, token)

    await assertUnavailable(response)
    assert.deepEqual(auth.lists(), [])
    assertLogIsClean(log, token)
  })
})
