/** Every path through the states of a login: credentials valid? token known? token fresh? */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import {
  dataIn,
  demoCredentials,
  logInDemo,
  postLogin,
  postLogout,
  refusalIn,
  unknownToken,
} from '../kit/demo.ts'
import { getData } from '../kit/servers.ts'
import { shareBoth } from '../kit/shared-servers.ts'

const bearerChallenge = 'Bearer realm="sallyport"'
const deadToken = {
  status: 401,
  code: 'invalid_token',
  challenge: `${bearerChallenge}, error="invalid_token"`,
}
const wrongCredentials = {
  status: 401,
  code: 'invalid_credentials',
  challenge: 'Basic realm="sallyport", charset="UTF-8"',
}

// Most of these tests wait for a real clock, so they wait together.
describe('The two doors, with a TTL of 2 s and a cap of 4 s', { concurrency: true }, () => {
  const servers = shareBoth({ SESSION_TTL_SECONDS: '2', SESSION_CAP_SECONDS: '4' })

  it('gives a token for valid credentials', async () => {
    const { auth } = servers()

    const response = await postLogin(auth.url)

    assert.equal(response.status, 200)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    const { token, ...rest } = (await response.json()) as Record<string, unknown>
    assert.match(String(token), /^sp_s_[\w-]{12}_[\w-]{43}$/)
    assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 2 })
  })

  it('gives data for a known and fresh token', async () => {
    const { auth, business } = servers()
    const token = await logInDemo(auth.url)

    const { cap_in, ...data } = await dataIn(await getData(business.url, token))

    assert.deepEqual(data, { greeting: 'Hello, Demo!', expires_in: 2, refresh_count: 1 })
    assert.match(String(cap_in), /^[234]$/)
  })

  it('gives no token for a wrong password', async () => {
    const { auth } = servers()

    const response = await postLogin(auth.url, { ...demoCredentials, password: 'Postman' })

    assert.deepEqual(await refusalIn(response), wrongCredentials)
  })

  it('answers an unknown user with the same bytes as a wrong password', async () => {
    const { auth } = servers()
    const wrong = await postLogin(auth.url, { ...demoCredentials, password: 'Postman' })

    const unknown = await postLogin(auth.url, {
      ...demoCredentials,
      username: 'nobody@example.com',
    })

    assert.equal(await withoutRequestId(unknown), await withoutRequestId(wrong))
    assert.equal(unknown.status, wrong.status)
  })

  it('gives no data without a token', async () => {
    const { business } = servers()

    const response = await fetch(`${business.url}/data`)

    const refusal = { status: 401, code: 'missing_token', challenge: bearerChallenge }
    assert.deepEqual(await refusalIn(response), refusal)
  })

  it('gives no data for an unknown token', async () => {
    const { business } = servers()

    const response = await getData(business.url, unknownToken)

    assert.deepEqual(await refusalIn(response), deadToken)
  })

  it('gives no data for a known token that nobody used for its TTL', async () => {
    const { auth, business } = servers()
    const token = await logInDemo(auth.url)
    await wait(2_050)

    const response = await getData(business.url, token)

    assert.deepEqual(await refusalIn(response), deadToken)
  })

  it('does not bring a token back to life by asking about it', async () => {
    const { auth, business } = servers()
    const token = await logInDemo(auth.url)
    await wait(2_050)
    await getData(business.url, token)

    const again = await getData(business.url, token)

    assert.deepEqual(await refusalIn(again), deadToken)
  })

  it('keeps a token alive beyond its TTL as long as it is used', async () => {
    const { auth, business } = servers()
    const token = await logInDemo(auth.url)
    const loggedInAt = Date.now()
    while (Date.now() < loggedInAt + 2_500) {
      await wait(500)
      await dataIn(await getData(business.url, token))
    }

    const data = await dataIn(await getData(business.url, token))

    assert.equal(data.refresh_count > 4, true)
    assert.equal(data.expires_in <= data.cap_in, true)
  })

  it('ends a token at its cap, however much it is used', async () => {
    const { auth, business } = servers()
    const startedAt = Date.now()
    const token = await logInDemo(auth.url)
    const loggedInAt = Date.now()
    let usedAt = loggedInAt
    let response = await getData(business.url, token)
    while (response.status === 200 && Date.now() < loggedInAt + 6_000) {
      usedAt = Date.now()
      await wait(100)
      response = await getData(business.url, token)
    }

    const refusal = await refusalIn(response)

    assert.deepEqual(refusal, deadToken)
    assert.equal(Date.now() >= startedAt + 4_000, true)
    assert.equal(usedAt < loggedInAt + 4_000, true)
  })

  it('gives no data after the logout', async () => {
    const { auth, business } = servers()
    const token = await logInDemo(auth.url)
    const before = await getData(business.url, token)
    const loggedOut = await postLogout(auth.url, token)

    const after = await getData(business.url, token)

    assert.equal(before.status, 200)
    assert.equal(loggedOut.status, 204)
    assert.deepEqual(await refusalIn(after), deadToken)
  })

  it('gives a new token after the old one was ended, and leaves the old one dead', async () => {
    const { auth, business } = servers()
    const old = await logInDemo(auth.url)
    await postLogout(auth.url, old)

    const fresh = await logInDemo(auth.url)

    assert.notEqual(fresh, old)
    assert.equal((await getData(business.url, fresh)).status, 200)
    assert.deepEqual(await refusalIn(await getData(business.url, old)), deadToken)
  })

  it('leaves the other session of a user alive when one is logged out', async () => {
    const { auth, business } = servers()
    const [one, other] = [await logInDemo(auth.url), await logInDemo(auth.url)]

    await postLogout(auth.url, one)

    assert.equal((await getData(business.url, other)).status, 200)
  })
})

async function withoutRequestId(response: Response): Promise<string> {
  return (await response.text()).replace(/"request_id":"[^"]*"/, '')
}
