import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import { manualClock } from '../kit/clock.ts'
import { heldBack, startFakeAuth, validateAll } from '../kit/fake-auth.ts'
import { recordedLog } from '../kit/log.ts'
import { getData, logIn, startTestAuth, startTestBusiness } from '../kit/servers.ts'
import { exchange, openSocket, statusesIn } from '../kit/sockets.ts'

/** Both servers under one clock, and somebody logged in. */
async function setUp(t: TestContext) {
  const clock = manualClock()
  const log = recordedLog()
  const auth = await startTestAuth(t, { clock })
  const business = await startTestBusiness(t, { authUrl: auth.url, clock, log })
  const token = await logIn(auth.url)
  const get = (headers: Record<string, string>) => fetch(`${business.url}/data`, { headers })
  return { clock, log, auth, business, token, get }
}

async function errorOf(response: Response): Promise<unknown> {
  return ((await response.json()) as { error: unknown }).error
}

async function lifeIn(response: Response): Promise<Record<string, unknown>> {
  return ((await response.json()) as { data: Record<string, unknown> }).data
}

describe('GET /data', () => {
  it('greets the user by name and shows the life of the token, and nothing else', async (t) => {
    const { business, token } = await setUp(t)

    const response = await getData(business.url, token)

    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.deepEqual(await response.json(), {
      data: { greeting: 'Hello, Test User!', expires_in: 30, cap_in: 43_200, refresh_count: 1 },
    })
  })

  it('reinflates the token: used in time it lives on, and the cap comes nearer', async (t) => {
    const { business, token, clock } = await setUp(t)
    await getData(business.url, token)

    clock.advance(29_999)
    const second = await getData(business.url, token)
    clock.advance(29_999)
    const third = await getData(business.url, token)

    const { expires_in, cap_in, refresh_count } = await lifeIn(third)
    assert.equal(second.status, 200)
    assert.deepEqual(
      { expires_in, cap_in, refresh_count },
      {
        expires_in: 30,
        cap_in: 43_140,
        refresh_count: 3,
      },
    )
  })

  it('refuses a token that was not used for its whole life', async (t) => {
    const { business, token, clock } = await setUp(t)
    await getData(business.url, token)

    clock.advance(30_000)
    const response = await getData(business.url, token)

    assert.equal(response.status, 401)
    assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer .*error="invalid_token"$/)
    assert.equal(await errorOf(response), 'invalid_token')
  })

  it('refuses a token after logout', async (t) => {
    const { auth, business, token } = await setUp(t)
    const headers = { authorization: `Bearer ${token}` }
    await fetch(`${auth.url}/logout`, { method: 'POST', headers })

    const response = await getData(business.url, token)

    assert.equal(response.status, 401)
    assert.equal(await errorOf(response), 'invalid_token')
  })

  it('refuses the service token of business itself', async (t) => {
    const { business } = await setUp(t)

    const response = await getData(business.url, await business.serviceToken.fetch())

    assert.equal(response.status, 401)
    assert.equal(await errorOf(response), 'invalid_token')
  })

  it('takes no token from the address', async (t) => {
    const { business, token } = await setUp(t)

    const response = await fetch(`${business.url}/data?token=${token}&access_token=${token}`)

    assert.equal(response.status, 401)
    assert.equal(await errorOf(response), 'missing_token')
  })
})

describe('the log of business', () => {
  it('names for each request the call in which its token was validated', async (t) => {
    const { business, token, log } = await setUp(t)

    await getData(business.url, token)
    await getData(business.url, 'x'.repeat(61))

    const lines = log.find('answered').map(({ path, status, validation_call }) => ({
      path,
      status,
      validation_call,
    }))
    assert.deepEqual(lines, [
      { path: '/data', status: 200, validation_call: 1 },
      { path: '/data', status: 401, validation_call: 2 },
    ])
  })
})

describe('an auth check that was not awaited', () => {
  it('does not exist: nothing is answered before auth has answered', async (t) => {
    const auth = await startFakeAuth(t)
    const held = heldBack(validateAll)
    auth.always('/validateToken', held.behaviour)
    const business = await startTestBusiness(t, { authUrl: auth.url })
    const socket = await openSocket(t, business.url)
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString('utf8')
    })

    socket.write('GET /data HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer dead-1\r\n\r\n')
    await auth.called('/validateToken', 1)
    const healthz = await fetch(`${business.url}/healthz`)
    const receivedMeanwhile = received
    held.letGo()
    await once(socket, 'data')

    assert.equal(healthz.status, 200)
    assert.equal(receivedMeanwhile, '')
    assert.deepEqual(statusesIn(received), [401])
  })
})

describe("the validator's address taken from the client's Host header", () => {
  it('does not exist: no header of a request changes whom business asks', async (t) => {
    const auth = await startFakeAuth(t)
    const stranger = await startFakeAuth(t)
    const business = await startTestBusiness(t, { authUrl: auth.url })
    const { host } = new URL(stranger.url)
    const lines = [
      `GET ${stranger.url}/data HTTP/1.1`,
      `Host: ${host}`,
      `X-Forwarded-Host: ${host}`,
      `X-Forwarded-Server: ${host}`,
      `X-Forwarded-For: 127.0.0.1`,
      `X-Forwarded-Port: ${new URL(stranger.url).port}`,
      `X-Original-Host: ${host}`,
      `X-Host: ${host}`,
      `Forwarded: host=${host}`,
      `Origin: ${stranger.url}`,
      `Referer: ${stranger.url}`,
      'Authorization: Bearer dead-1',
      'Connection: close',
    ]

    const received = await exchange(t, business.url, `${lines.join('\r\n')}\r\n\r\n`)

    assert.deepEqual(statusesIn(received), [401])
    assert.deepEqual(stranger.calls, [])
    assert.deepEqual(auth.lists(), [['dead-1']])
  })
})
