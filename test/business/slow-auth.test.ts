import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { manualClock } from '../kit/clock.ts'
import { neverAnswer, stallMidAnswer, startFakeAuth, validateAll } from '../kit/fake-auth.ts'
import { recordedLog } from '../kit/log.ts'
import { getData, startTestBusiness } from '../kit/servers.ts'
import { assertLogIsClean, assertUnavailable } from '../kit/unavailable.ts'

const token = 'a-bearer-token-of-no-known-shape'

async function setUp(t: TestContext) {
  const auth = await startFakeAuth(t)
  const log = recordedLog()
  const clock = manualClock()
  const limits = { deadlineMilliseconds: 1_000 }
  const business = await startTestBusiness(t, { authUrl: auth.url, log, clock, ...limits })
  return { auth, log, clock, business }
}

describe('business, where auth is slow', () => {
  it('answers 503 at the deadline, and does not ask again', async (t) => {
    const { auth, log, clock, business } = await setUp(t)
    auth.next('/validateToken', neverAnswer)

    const response = getData(business.url, token)
    await auth.called('/validateToken', 1)
    clock.advance(1_000)

    await assertUnavailable(await response)
    assert.deepEqual(auth.lists(), [[token]])
    assertLogIsClean(log, token)
  })

  it('waits until the deadline', async (t) => {
    const { auth, clock, business } = await setUp(t)
    auth.always('/validateToken', (call, response) => {
      clock.advance(999)
      validateAll(call, response)
    })

    const response = await getData(business.url, token)

    assert.equal(response.status, 200)
  })

  it('answers 503 at the deadline where auth stalls in the middle of its answer', async (t) => {
    const { auth, clock, business } = await setUp(t)
    auth.next('/validateToken', stallMidAnswer)

    const response = getData(business.url, token)
    await auth.called('/validateToken', 1)
    await fetch(`${business.url}/healthz`) // by then the first half has arrived
    clock.advance(1_000)

    await assertUnavailable(await response)
    assert.deepEqual(auth.lists(), [[token]])
  })

  it('answers 503 at the deadline where no service token is granted in time', async (t) => {
    const { auth, clock, business } = await setUp(t)
    auth.next('/token', neverAnswer)

    const response = getData(business.url, token)
    await auth.called('/token', 1)
    clock.advance(1_000)

    await assertUnavailable(await response)
    assert.deepEqual(auth.lists(), [])
  })

  it('serves the next request, over a new connection', async (t) => {
    const { auth, clock, business } = await setUp(t)
    auth.next('/validateToken', neverAnswer)
    const slow = getData(business.url, token)
    await auth.called('/validateToken', 1)
    clock.advance(1_000)
    await assertUnavailable(await slow)

    const next = await getData(business.url, token)

    assert.equal(next.status, 200)
  })

  it('serves those who came while the slow call was under way', async (t) => {
    const { auth, clock, business } = await setUp(t)
    auth.next('/validateToken', neverAnswer)
    const slow = getData(business.url, 'good-1')
    await auth.called('/validateToken', 1)
    const later = getData(business.url, 'good-2')
    await fetch(`${business.url}/healthz`)

    clock.advance(1_000)

    await assertUnavailable(await slow)
    assert.equal((await later).status, 200)
  })
})
