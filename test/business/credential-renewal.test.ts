import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { manualClock } from '../kit/clock.ts'
import { answer, grantTokens, neverAnswer, startFakeAuth } from '../kit/fake-auth.ts'
import { getData, startTestBusiness } from '../kit/servers.ts'
import { assertUnavailable } from '../kit/unavailable.ts'

const token = 'a-bearer-token-of-no-known-shape'

async function setUp(t: TestContext) {
  const clock = manualClock()
  const auth = await startFakeAuth(t)
  const business = await startTestBusiness(t, { authUrl: auth.url, clock })
  const credentialsUsed = () =>
    auth.callsTo('/validateToken').map(({ authorization }) => authorization)
  return { auth, business, clock, credentialsUsed }
}

describe('business, when the time of its service token has come', () => {
  const pastRenewal = 0.7 * 300_000

  it('renews it without anybody waiting', async (t) => {
    const { auth, business, clock, credentialsUsed } = await setUp(t)
    await getData(business.url, token)
    clock.advance(pastRenewal)

    const during = await getData(business.url, token)
    await auth.called('/token', 2)
    const afterwards = await getData(business.url, token)

    assert.deepEqual([during.status, afterwards.status], [200, 200])
    assert.equal(credentialsUsed()[1], 'Bearer credential-1')
    assert.equal(credentialsUsed()[2], 'Bearer credential-2')
  })

  it('serves on with the old one where the renewal fails', async (t) => {
    const { auth, business, clock } = await setUp(t)
    await getData(business.url, token)
    auth.always('/token', answer(500, { error: 'server_error' }))
    clock.advance(pastRenewal)

    const first = await getData(business.url, token)
    const second = await getData(business.url, token)

    assert.deepEqual([first.status, second.status], [200, 200])
  })

  it('serves on with the old one where the renewal hangs', async (t) => {
    const { auth, business, clock } = await setUp(t)
    await getData(business.url, token)
    auth.always('/token', neverAnswer)
    clock.advance(pastRenewal)

    const headers = { authorization: `Bearer ${token}` }
    const signal = AbortSignal.timeout(3_000)
    const response = await fetch(`${business.url}/data`, { headers, signal })

    assert.equal(response.status, 200)
  })

  it('answers 503 where the old one is stale and no new one can be had, then recovers', async (t) => {
    const { auth, business, clock } = await setUp(t)
    await getData(business.url, token)
    auth.always('/token', answer(500, { error: 'server_error' }))
    clock.advance(300_000)

    const during = await getData(business.url, token)
    auth.always('/token', grantTokens())
    const afterwards = await getData(business.url, token)

    await assertUnavailable(during)
    assert.equal(afterwards.status, 200)
  })
})
