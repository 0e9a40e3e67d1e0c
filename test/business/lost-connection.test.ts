import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import {
  type Behaviour,
  closeMidAnswer,
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

async function setUp(t: TestContext) {
  const auth = await startFakeAuth(t)
  const log = recordedLog()
  const business = await startTestBusiness(t, { authUrl: auth.url, log, deadlineMilliseconds })
  return { auth, log, business }
}

/** A service token is held already; then auth behaves so to the next validations. */
async function requestDuring(t: TestContext, ...behaviours: readonly Behaviour[]) {
  const { auth, log, business } = await setUp(t)
  await business.serviceToken.fetch()
  auth.next('/validateToken', ...behaviours)
  const response = await getData(business.url, token)
  return { auth, log, business, response }
}

describe('business, where its connection to auth is lost', () => {
  it('asks once more after a reset', async (t) => {
    const { auth, response } = await requestDuring(t, resetConnection)

    assert.equal(response.status, 200)
    assert.deepEqual(auth.lists(), [[token], [token]])
  })

  it('answers 503 after two resets', async (t) => {
    const { auth, log, response } = await requestDuring(t, resetConnection, resetConnection)

    await assertUnavailable(response)
    assert.deepEqual(auth.lists(), [[token], [token]])
    assertLogIsClean(log, token)
  })

  it('asks once more where auth closes without an answer', async (t) => {
    const { auth, response } = await requestDuring(t, closeWithoutAnswer)

    assert.equal(response.status, 200)
    assert.deepEqual(auth.lists(), [[token], [token]])
  })

  it('answers 503 where auth closes without an answer twice', async (t) => {
    const { auth, log, response } = await requestDuring(t, closeWithoutAnswer, closeWithoutAnswer)

    await assertUnavailable(response)
    assert.deepEqual(auth.lists(), [[token], [token]])
    assertLogIsClean(log, token)
  })

  it('asks once more where auth closes in the middle of its answer', async (t) => {
    const { auth, response } = await requestDuring(t, closeMidAnswer)

    assert.equal(response.status, 200)
    assert.deepEqual(auth.lists(), [[token], [token]])
  })

  it('answers 503 where auth closes in the middle of its answer twice', async (t) => {
    const { auth, log, response } = await requestDuring(t, closeMidAnswer, closeMidAnswer)

    await assertUnavailable(response)
    assert.deepEqual(auth.lists(), [[token], [token]])
    assertLogIsClean(log, token)
  })

  it('keeps its service token', async (t) => {
    const { auth, response } = await requestDuring(t, resetConnection)

    assert.equal(response.status, 200)
    assert.equal(auth.callsTo('/token').length, 1)
  })

  it('asks once more where auth has closed the idle connection', async (t) => {
    const { auth, business } = await setUp(t)
    await getData(business.url, token)
    await auth.stop()
    await auth.listenAgain()

    const response = await getData(business.url, token)

    assert.equal(response.status, 200)
    assert.equal(auth.callsTo('/token').length, 1)
  })
})

describe('business, where nobody listens at the address of auth', () => {
  it('answers 503', async (t) => {
    const { auth, log, business } = await setUp(t)
    await auth.stop()

    const response = await getData(business.url, token)

    await assertUnavailable(response)
    assertLogIsClean(log, token)
  })

  it('answers 503 where it had served before', async (t) => {
    const { auth, log, business } = await setUp(t)
    const before = await getData(business.url, token)
    await auth.stop()

    const during = await getData(business.url, token)

    assert.equal(before.status, 200)
    await assertUnavailable(during)
    assertLogIsClean(log, token)
  })

  it('recovers by itself when auth listens again', async (t) => {
    const { auth, business } = await setUp(t)
    await auth.stop()
    await assertUnavailable(await getData(business.url, token))
    await auth.listenAgain()

    const afterwards = await getData(business.url, token)

    assert.equal(afterwards.status, 200)
  })

  it('recovers by itself when auth that has forgotten every service token listens again', async (t) => {
    const { auth, business } = await setUp(t)
    await getData(business.url, token)
    await auth.stop()
    await assertUnavailable(await getData(business.url, token))
    auth.next('/validateToken', (_call, response) => void response.writeHead(401).end('{}'))
    await auth.listenAgain()

    const afterwards = await getData(business.url, token)

    assert.equal(afterwards.status, 200)
    assert.equal(auth.callsTo('/token').length, 2)
  })

  it('still answers what needs no token, and refuses what brings none', async (t) => {
    const { auth, business } = await setUp(t)
    await auth.stop()

    const healthz = await fetch(`${business.url}/healthz`)
    const withoutToken = await fetch(`${business.url}/data`)

    assert.equal(healthz.status, 200)
    assert.equal(withoutToken.status, 401)
  })
})
