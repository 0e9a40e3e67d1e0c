/** What has happened to other systems of this kind and must not happen to this one: shown on the real processes. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import {
  dataIn,
  demoCredentials,
  demoServiceToken,
  logInDemo,
  postLogin,
  postLogout,
  postValidation,
  refusalIn,
  unknownToken,
} from '../kit/demo.ts'
import { listenOnFreePort } from '../kit/listen.ts'
import { getData } from '../kit/servers.ts'
import { shareBoth } from '../kit/shared-servers.ts'
import { exchange, statusesIn } from '../kit/sockets.ts'

describe('Accidents of the two servers', () => {
  const servers = shareBoth({ LOG_LEVEL: 'debug' })

  it('never takes the address of the validator from the Host header of a client', async (t) => {
    const { business } = servers()
    const impostor = await startImpostor(t)
    const { host } = new URL(impostor.url)
    const headers = `Host: ${host}\r\nX-Forwarded-Host: ${host}\r\nForwarded: host=${host}\r\nAuthorization: Bearer ${unknownToken}`

    const answers = await Promise.all([
      exchange(t, business.url, `GET /data HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`),
      exchange(
        t,
        business.url,
        `GET ${impostor.url}/data HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`,
      ),
    ])

    assert.deepEqual(answers.flatMap(statusesIn), [401, 401])
    assert.equal(impostor.visits(), 0)
  })

  it('never opens the validation endpoint to anyone', async () => {
    const { auth, business } = servers()
    const token = await logInDemo(auth.url)
    const basic = `Basic ${Buffer.from('demo@example.com:postman').toString('base64')}`

    const stranger = await postValidation(auth.url, undefined, { token })
    const user = await postValidation(auth.url, `Bearer ${token}`, { token })
    const login = await postValidation(auth.url, basic, { token })

    const codes = [await refusalIn(stranger), await refusalIn(user), await refusalIn(login)]
    assert.deepEqual(
      codes.map(({ status, code }) => [status, code]),
      [
        [401, 'missing_token'],
        [401, 'invalid_token'],
        [401, 'invalid_token'],
      ],
    )
    assert.equal((await dataIn(await getData(business.url, token))).refresh_count, 1)
  })

  it('never accepts an anagram of a password', async () => {
    const { auth } = servers()

    const response = await postLogin(auth.url, { ...demoCredentials, password: 'namtsop' })

    assert.equal((await refusalIn(response)).code, 'invalid_credentials')
  })

  it('never accepts a service token as a session, nor a session as a service token', async () => {
    const { auth, business } = servers()
    const [session, service] = [await logInDemo(auth.url), await demoServiceToken(auth.url)]

    const data = await getData(business.url, service)
    const validated = await postValidation(auth.url, `Bearer ${service}`, { token: service })
    const asked = await postValidation(auth.url, `Bearer ${session}`, { token: session })

    assert.equal((await refusalIn(data)).code, 'invalid_token')
    assert.deepEqual(await validated.json(), { authenticated: false })
    assert.equal((await refusalIn(asked)).code, 'invalid_token')
  })

  it('never ends a service token by the logout of sessions', async () => {
    const { auth } = servers()
    const service = await demoServiceToken(auth.url)

    const response = await postLogout(auth.url, service)

    assert.equal(response.status, 204)
    const still = await postValidation(auth.url, `Bearer ${service}`, { tokens: [] })
    assert.equal(still.status, 200)
  })

  it('never lets a session survive its logout, even one that is in use meanwhile', async () => {
    const { auth, business } = servers()
    const token = await logInDemo(auth.url)
    const uses = Array.from({ length: 50 }, () => getData(business.url, token))

    const response = await postLogout(auth.url, token)

    assert.equal(response.status, 204)
    const statuses = (await Promise.all(uses)).map(({ status }) => status)
    assert.deepEqual(new Set([...statuses, 200, 401]), new Set([200, 401]))
    assert.equal((await refusalIn(await getData(business.url, token))).code, 'invalid_token')
  })

  it('never fails to log out, not even from a session that has ended', async () => {
    const { auth } = servers()
    const token = await logInDemo(auth.url)

    const responses = [await postLogout(auth.url, token), await postLogout(auth.url, token)]

    assert.deepEqual(
      responses.map(({ status }) => status),
      [204, 204],
    )
  })

  it('never lets a client choose the token that it is to get', async (t) => {
    const { auth, business } = servers()
    const body = JSON.stringify({ ...demoCredentials, token: unknownToken })
    const headers = `Host: x\r\ntoken: ${unknownToken}\r\nCookie: token=${unknownToken}\r\nContent-Type: application/json`

    const received = await exchange(
      t,
      auth.url,
      `POST /login?token=${unknownToken} HTTP/1.1\r\n${headers}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )

    assert.deepEqual(statusesIn(received), [200])
    assert.equal(received.includes(unknownToken), false)
    assert.equal((await getData(business.url, unknownToken)).status, 401)
  })

  it('never finds a token under a key that a client made up', async () => {
    const { auth } = servers()
    const [token, service] = [await logInDemo(auth.url), await demoServiceToken(auth.url)]
    const retagged = `${token.slice(0, 5)}${'A'.repeat(12)}${token.slice(17)}`
    const tokens = ['__proto__', 'constructor', retagged, token.toLowerCase(), { token }, null]

    const response = await postValidation(auth.url, `Bearer ${service}`, { tokens })

    const results = tokens.map(() => ({ authenticated: false }))
    assert.deepEqual(await response.json(), { results })
  })

  it('never answers 500 to an unknown user, whatever the name is', async () => {
    const { auth } = servers()
    const names = ['nobody@example.com', '', '__proto__', 'constructor', "' OR 1=1 --", '\u0000']

    const responses = await Promise.all(
      names.map((username) => postLogin(auth.url, { username, password: 'postman' })),
    )

    const refusals = await Promise.all(responses.map(refusalIn))
    assert.deepEqual(
      refusals.map(({ code }) => code),
      names.map(() => 'invalid_credentials'),
    )
  })

  it('never believes X-Forwarded-For', async () => {
    const { auth } = servers()
    const headers = { 'x-forwarded-for': '203.0.113.77', forwarded: 'for=203.0.113.77' }

    const response = await postLogin(auth.url, { ...demoCredentials, password: 'x' }, { headers })

    assert.equal((await refusalIn(response)).code, 'invalid_credentials')
    assert.equal(auth.output().includes('203.0.113.77'), false)
  })

  it('never lets a stranger lock a user out', async () => {
    const { auth } = servers()
    const wrong = { ...demoCredentials, password: 'guessed' }
    const guesses = await Promise.all(Array.from({ length: 6 }, () => postLogin(auth.url, wrong)))

    const response = await postLogin(auth.url)

    assert.deepEqual(new Set(guesses.map(({ status }) => status)), new Set([401]))
    assert.equal(response.status, 200)
  })
})

/** Says yes to every token and counts who comes. */
async function startImpostor(t: TestContext) {
  let visits = 0
  const impostor = createServer((_request, response) => response.end('{"authenticated":true}'))
  impostor.on('connection', () => visits++)
  return { url: await listenOnFreePort(t, impostor), visits: () => visits }
}
