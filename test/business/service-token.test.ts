import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuthAnswer } from '../../src/business/auth-connection.ts'
import { createServiceToken } from '../../src/business/service-token.ts'
import { manualClock } from '../kit/clock.ts'
import { manualConnection } from '../kit/manual-connection.ts'

function grantOf(access_token: string, expires_in = 100): AuthAnswer {
  const body = { access_token, token_type: 'Bearer', expires_in, scope: 'tokens:validate' }
  return { status: 200, text: JSON.stringify(body) }
}

const client = { id: 'business', secret: 'the secret: 100% of it' }

function setUp() {
  const clock = manualClock()
  const { connection, asked, at } = manualConnection()
  const { now } = clock
  const serviceToken = createServiceToken({ connection, client, scope: 'tokens:validate', now })
  /** As a call to auth does it: the token that is held, else a fresh one. */
  const get = async () => serviceToken.held() ?? (await serviceToken.fetch())
  /** Fetches the first token, granted for 100 seconds. */
  const fetchFirst = async () => {
    const first = get()
    await at(0).answer(grantOf('first'))
    assert.equal(await first, 'first')
  }
  return { clock, asked, at, serviceToken, get, fetchFirst }
}

describe('the service token of business', () => {
  it('is not there, and not asked for, before it is needed', () => {
    const { serviceToken, asked } = setUp()

    assert.equal(serviceToken.held(), undefined)
    assert.equal(asked.length, 0)
  })

  it('is asked for with the credential of the client, form-encoded in HTTP Basic', async () => {
    const { get, at } = setUp()

    const token = get()
    await at(0).answer(grantOf('first'))

    assert.equal(await token, 'first')
    const { path, headers, body } = at(0).request
    const pair = Buffer.from(headers.authorization?.slice('Basic '.length) ?? '', 'base64')
    assert.equal(path, '/token')
    assert.equal(headers['content-type'], 'application/x-www-form-urlencoded')
    assert.equal(body, 'grant_type=client_credentials&scope=tokens%3Avalidate')
    assert.equal(pair.toString(), 'business:the%20secret%3A%20100%25%20of%20it')
  })

  it('is fetched once for many simultaneous callers', async () => {
    const { get, asked, at } = setUp()

    const callers = Array.from({ length: 50 }, () => get())
    await at(0).answer(grantOf('first'))
    const got = await Promise.all(callers)

    assert.deepEqual(new Set(got), new Set(['first']))
    assert.equal(asked.length, 1)
  })

  it('comes from memory while it is young', async () => {
    const { get, clock, asked, fetchFirst } = setUp()
    await fetchFirst()

    clock.advance(59_999)
    const again = await get()

    assert.equal(again, 'first')
    assert.equal(asked.length, 1)
  })

  it('is renewed in the background before it dies, and nobody waits for that', async () => {
    const { get, clock, asked, at, fetchFirst } = setUp()
    await fetchFirst()

    clock.advance(60_000)
    const during = [await get(), await get()]
    await at(1).answer(grantOf('second'))
    const afterwards = await get()

    assert.deepEqual(during, ['first', 'first'])
    assert.equal(afterwards, 'second')
    assert.equal(asked.length, 2)
  })

  it('is not handed out when it is stale', async () => {
    const { serviceToken, clock, at, fetchFirst } = setUp()
    await fetchFirst()

    clock.advance(89_999)
    const lastMoment = serviceToken.held()
    await at(1).fail(new Error('auth is away'))
    clock.advance(1)

    assert.equal(lastMoment, 'first')
    assert.equal(serviceToken.held(), undefined)
  })

  it('counts its life from before it was asked for', async () => {
    const { get, clock, asked, at } = setUp()
    const first = get()
    clock.advance(90_000)
    await at(0).answer(grantOf('first'))
    await first

    const next = get()
    await at(1).answer(grantOf('second'))

    assert.equal(await next, 'second')
    assert.equal(asked.length, 2)
  })

  it('is fetched anew after auth refused it', async () => {
    const { serviceToken, get, at, fetchFirst } = setUp()
    await fetchFirst()

    serviceToken.forget('first')
    const next = get()
    await at(1).answer(grantOf('second'))

    assert.equal(await next, 'second')
  })

  it('is kept where auth refused one that was replaced already', async () => {
    const { serviceToken, get, asked, fetchFirst } = setUp()
    await fetchFirst()

    serviceToken.forget('an older one')
    const next = await get()

    assert.equal(next, 'first')
    assert.equal(asked.length, 1)
  })
})

describe('a failing renewal of the service token', () => {
  it('is silent while the token is still good, and is tried again after a second', async () => {
    const { get, clock, asked, at, fetchFirst } = setUp()
    await fetchFirst()
    clock.advance(60_000)

    const during = await get()
    await at(1).fail(new Error('auth is away'))
    clock.advance(999)
    await get()
    assert.equal(asked.length, 2)
    clock.advance(1)
    const afterFailure = await get()
    await at(2).answer(grantOf('second'))
    const afterSuccess = await get()

    assert.deepEqual([during, afterFailure, afterSuccess], ['first', 'first', 'second'])
  })

  it('rejects all who wait when the token is stale, and the next call tries again', async () => {
    const { get, clock, asked, at, fetchFirst } = setUp()
    await fetchFirst()
    clock.advance(90_000)
    const fault = new Error('auth is away')

    const waiting = [get(), get()].map((one) => assert.rejects(one, fault))
    await at(1).fail(fault)
    await Promise.all(waiting)
    const next = get()
    await at(2).answer(grantOf('second'))

    assert.equal(await next, 'second')
    assert.equal(asked.length, 3)
  })

  it('rejects where auth does not grant one, and the next call tries again', async () => {
    const { get, at } = setUp()
    const message = 'auth answered 401 to the request for a service token'

    const refused = assert.rejects(get(), { message })
    await at(0).answer({ status: 401, text: '{"error":"invalid_client"}' })
    await refused
    const next = get()
    await at(1).answer(grantOf('first'))

    assert.equal(await next, 'first')
  })
})
