/** Where a login comes from is not for its client to say. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fromAddresses, startThrottledAuth, times, wrong } from './throttled-auth.ts'

describe('the source of a login', () => {
  it('is not what the client writes into X-Forwarded-For', async (t) => {
    const { statusesOf } = await startThrottledAuth(t, { trustedProxyHops: 0 })

    // From as many accounts, so that the account as a whole does not count.
    const attempts = fromAddresses(101, wrong).map((one, index) => ({
      ...one,
      username: `user ${index}`,
    }))

    assert.deepEqual(await statusesOf(attempts), [...times(100, 401), 429])
  })

  it('is not what the client writes before what the proxy writes', async (t) => {
    const { statusesOf } = await startThrottledAuth(t)

    const attempts = fromAddresses(101, wrong).map(({ forwardedFor, ...one }, index) => ({
      ...one,
      username: `user ${index}`,
      forwardedFor: `${forwardedFor}, 203.0.113.1`,
    }))

    assert.deepEqual(await statusesOf(attempts), [...times(100, 401), 429])
  })

  it('is what the proxy writes', async (t) => {
    const { statusesOf } = await startThrottledAuth(t)

    const attempts = fromAddresses(150, wrong).map((one, index) => ({
      ...one,
      username: `user ${index}`,
    }))

    assert.deepEqual(new Set(await statusesOf(attempts)), new Set([401]))
  })

  it('is one for all IPv6 addresses of a network', async (t) => {
    const { logIn, statusesOf } = await startThrottledAuth(t)

    const attempts = Array.from({ length: 101 }, (_, index) => ({
      password: 'x',
      username: `user ${index}`,
      forwardedFor: `2001:db8:0:1::${index.toString(16)}`,
    }))

    assert.deepEqual(await statusesOf(attempts), [...times(100, 401), 429])
    const next = await logIn({ ...wrong, forwardedFor: '2001:db8:0:2::1' })
    assert.equal(next.status, 401)
  })
})
