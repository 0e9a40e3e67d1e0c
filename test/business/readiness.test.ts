import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { configuredClients } from '../../src/auth/clients.ts'
import { validateScope } from '../../src/validation.ts'
import { manualClock } from '../kit/clock.ts'
import { answer, neverAnswer, startFakeAuth, validateAll } from '../kit/fake-auth.ts'
import { recordedLog } from '../kit/log.ts'
import { startTestAuth, startTestBusiness, testClient } from '../kit/servers.ts'
import { assertLogIsClean, assertUnavailable } from '../kit/unavailable.ts'

function askReadiness(url: string): Promise<Response> {
  return fetch(`${url}/readyz`)
}

async function setUp(t: TestContext) {
  const auth = await startFakeAuth(t)
  const log = recordedLog()
  const clock = manualClock()
  const business = await startTestBusiness(t, { authUrl: auth.url, log, clock })
  return { auth, log, clock, business }
}

describe('the readiness of business', () => {
  it('is not there before the first probe, and asking does not start one', async (t) => {
    const { auth, business } = await setUp(t)

    const response = await askReadiness(business.url)

    await assertUnavailable(response)
    assert.deepEqual(auth.calls, [])
  })

  it('is there as soon as auth has answered a probe', async (t) => {
    const auth = await startTestAuth(t)
    const business = await startTestBusiness(t, { authUrl: auth.url })

    await business.readiness.probe()
    const response = await askReadiness(business.url)

    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), { status: 'ready' })
  })

  it('asks auth about no token at all', async (t) => {
    const { auth, business } = await setUp(t)

    await business.readiness.probe()

    assert.deepEqual(auth.lists(), [[]])
  })

  it('is not there where auth cannot be reached, and tells the log but not strangers why', async (t) => {
    const { auth, log, business } = await setUp(t)
    await auth.stop()

    await business.readiness.probe()
    const response = await askReadiness(business.url)

    const { error_description } = (await response.clone().json()) as { error_description: string }
    await assertUnavailable(response)
    assert.equal(error_description, 'This server is not ready.')
    assert.deepEqual(
      log.find('not ready').map(({ level, probe }) => ({ level, probe })),
      [{ level: 'warn', probe: 'auth' }],
    )
    assertLogIsClean(log)
  })

  it('is not there where the credential of business is wrong', async (t) => {
    const other = { ...testClient, secret: 'another-secret-of-32-characters-or-more' }
    const clients = configuredClients([{ ...other, scopes: [validateScope] }])
    const auth = await startTestAuth(t, { clients })
    const log = recordedLog()
    const business = await startTestBusiness(t, { authUrl: auth.url, log })

    await business.readiness.probe()
    const response = await askReadiness(business.url)

    await assertUnavailable(response)
    assert.match(String(log.find('not ready')[0]?.error), /auth answered 401 to the request/)
    assertLogIsClean(log)
  })

  it('is not there where the credential of business may not validate', async (t) => {
    const clients = configuredClients([{ ...testClient, scopes: ['something:else'] }])
    const auth = await startTestAuth(t, { clients })
    const business = await startTestBusiness(t, { authUrl: auth.url })

    await business.readiness.probe()
    const response = await askReadiness(business.url)

    await assertUnavailable(response)
  })

  it('is not there where auth answers a probe with something else', async (t) => {
    const { auth, business } = await setUp(t)
    auth.always('/validateToken', answer(200, { status: 'ok' }))

    await business.readiness.probe()
    const response = await askReadiness(business.url)

    await assertUnavailable(response)
  })

  it('is not there where auth does not answer a probe in time', async (t) => {
    const { auth, clock, business } = await setUp(t)
    auth.always('/validateToken', neverAnswer)

    const probed = business.readiness.probe()
    await auth.called('/validateToken', 1)
    clock.advance(2_000)
    await probed
    const response = await askReadiness(business.url)

    await assertUnavailable(response)
  })

  it('is lost when auth goes, and comes back by itself when auth is back', async (t) => {
    const { auth, log, business } = await setUp(t)
    await business.readiness.probe()
    const before = await askReadiness(business.url)

    await auth.stop()
    await business.readiness.probe()
    const during = await askReadiness(business.url)
    await auth.listenAgain()
    await business.readiness.probe()
    const afterwards = await askReadiness(business.url)

    assert.deepEqual([before.status, during.status, afterwards.status], [200, 503, 200])
    assert.equal(log.find('not ready').length, 1)
    assert.equal(log.find('ready again').length, 1)
  })

  it('comes back by itself when the credential works again', async (t) => {
    const { auth, business } = await setUp(t)
    auth.next('/token', answer(401, { error: 'invalid_client' }))
    await business.readiness.probe()
    const during = await askReadiness(business.url)

    await business.readiness.probe()
    const afterwards = await askReadiness(business.url)

    assert.deepEqual([during.status, afterwards.status], [503, 200])
  })

  it('does not stand in the way of a request: both are answered', async (t) => {
    const { auth, business } = await setUp(t)
    auth.always('/validateToken', validateAll)
    const headers = { authorization: 'Bearer good-1' }

    const [, response] = await Promise.all([
      business.readiness.probe(),
      fetch(`${business.url}/data`, { headers }),
    ])

    assert.equal(response.status, 200)
    assert.equal((await askReadiness(business.url)).status, 200)
  })
})
