import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { manualClock } from '../kit/clock.ts'
import { answer, neverAnswer, resetConnection, startFakeAuth } from '../kit/fake-auth.ts'
import { getData, startTestBusiness } from '../kit/servers.ts'
import { assertUnavailable } from '../kit/unavailable.ts'

const token = 'a-bearer-token-of-no-known-shape'

async function setUp(t: TestContext) {
  const [one, other] = [await startFakeAuth(t), await startFakeAuth(t)]
  const clock = manualClock()
  const urls = { authUrl: one.url, otherAuthUrls: [other.url] }
  const business = await startTestBusiness(t, { ...urls, clock })
  const statuses = async (times: number) => {
    const got: number[] = []
    for (let time = 0; time < times; time++) got.push((await getData(business.url, token)).status)
    return got
  }
  return { one, other, clock, business, statuses }
}

describe('business with two auths', () => {
  it('asks both, with one service token', async (t) => {
    const { one, other, statuses } = await setUp(t)

    assert.deepEqual(await statuses(4), [200, 200, 200, 200])

    assert.deepEqual([one.lists().length, other.lists().length], [2, 2])
    assert.equal(one.callsTo('/token').length + other.callsTo('/token').length, 1)
  })

  it('serves everybody while one of them dies', async (t) => {
    const { one, other, statuses } = await setUp(t)
    const before = await statuses(2)

    await one.stop()
    const during = await statuses(4)

    assert.deepEqual([...before, ...during], [200, 200, 200, 200, 200, 200])
    assert.equal(other.lists().length, 5)
  })

  it('gets its service token from the one that lives', async (t) => {
    const { one, other, statuses } = await setUp(t)
    await one.stop()

    assert.deepEqual(await statuses(2), [200, 200])

    assert.equal(other.callsTo('/token').length, 1)
  })

  it('gets its service token from the other where one resets the connection or answers 503', async (t) => {
    for (const behaviour of [resetConnection, answer(503, {})]) {
      const { one, other, statuses } = await setUp(t)
      one.next('/token', behaviour)

      assert.deepEqual(await statuses(1), [200])

      assert.deepEqual(
        [one, other].map((auth) => auth.callsTo('/token').length),
        [1, 1],
      )
    }
  })

  it('answers 503 to those whose call hung, and asks the other from then on', async (t) => {
    const { one, other, clock, business, statuses } = await setUp(t)
    await business.serviceToken.fetch()
    one.next('/validateToken', neverAnswer)
    const slow = getData(business.url, token)
    await one.called('/validateToken', 1)

    clock.advance(1_000)

    await assertUnavailable(await slow)
    assert.deepEqual(await statuses(3), [200, 200, 200])
    assert.deepEqual([one.lists().length, other.lists().length], [1, 3])
  })

  it('answers 503 and no 401 where both are dead, and recovers when one is back', async (t) => {
    const { one, other, business, statuses } = await setUp(t)
    await statuses(2)
    await Promise.all([one.stop(), other.stop()])
    await assertUnavailable(await getData(business.url, token))
    await assertUnavailable(await getData(business.url, token))
    await other.listenAgain()

    assert.deepEqual(await statuses(3), [200, 200, 200])
  })

  it('refuses nobody because one of them does not know its service token', async (t) => {
    const { one, other, statuses } = await setUp(t)
    other.next('/validateToken', answer(401, {}))

    assert.deepEqual(await statuses(4), [200, 200, 200, 200])

    assert.equal(one.callsTo('/token').length + other.callsTo('/token').length, 2)
  })
})
