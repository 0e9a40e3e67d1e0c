/** A production as compose.yaml describes it, entered by a user and tried by a stranger. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { demoClient, demoCredentials, unknownToken } from '../kit/demo.ts'
import { services, startDeployment } from '../kit/deployment.ts'
import { skipUnless } from '../kit/installed.ts'
import { connectTo } from '../kit/secure-calls.ts'
import { share } from '../kit/shared-servers.ts'

const needed = ['redis-server', 'postgres', 'nginx', 'openssl'] as const
const json = { 'content-type': 'application/json' }

describe('A production behind nginx', { skip: skipUnless(...needed) }, () => {
  const deployed = share((t) => startDeployment(t, { SHUTDOWN_DELAY_SECONDS: '0' }))
  const setUp = (t: TestContext) => ({ ...deployed(), client: connectTo(t, deployed()) })

  it('consists of servers that were all started as production, over https', () => {
    const { server } = deployed()

    const lines = services.flatMap((name) => server(name).find('listening'))

    assert.deepEqual(
      lines.map(({ environment }) => environment),
      Array(4).fill('production'),
    )
    for (const { url } of lines) assert.match(String(url), /^https:/)
  })

  it('gives its data to the user that was made with the script, until the logout', async (t) => {
    const { front, client } = setUp(t)

    const token = await client.logIn(front.auth)
    const data = await client.getData(front.business, token)
    const loggedOut = await client.logOut(front.auth, token)
    const after = await client.getData(front.business, token)

    assert.equal(data.status, 200)
    const { greeting, expires_in } = data.body.data as Record<string, unknown>
    assert.deepEqual([greeting, expires_in], ['Hello, Ada!', 30])
    assert.equal(loggedOut.status, 204)
    assert.deepEqual([after.status, after.body.error], [401, 'invalid_token'])
  })

  it('has no demo user, and takes no well-known client secret', async (t) => {
    const { front, server, client } = setUp(t)
    const program = connectTo(t, deployed(), { hasCertificate: true })

    const body = JSON.stringify(demoCredentials)
    const login = await client.call(`${front.auth}/login`, { method: 'POST', headers: json, body })
    const granted = await program.call(
      `${server('auth-1').url}/token`,
      tokenCall(demoClient.secret),
    )

    assert.deepEqual([login.status, login.body.error], [401, 'invalid_credentials'])
    assert.deepEqual([granted.status, granted.body.error], [401, 'invalid_client'])
  })

  it('hides from the public what only servers call, also from who has every secret', async (t) => {
    const { front, secret } = setUp(t)
    const program = connectTo(t, deployed(), { hasCertificate: true })

    const answers = [
      await program.call(`${front.auth}/token`, tokenCall(secret('business_client_secret'))),
      await program.call(`${front.auth}/validateToken`, validationCall(unknownToken)),
    ]

    for (const { status, body } of answers) {
      assert.deepEqual([status, body.error], [404, 'not_found'])
    }
  })

  it('refuses on its servers who calls those without a certificate, though all else is right', async (t) => {
    const { server, secret, client } = setUp(t)
    const program = connectTo(t, deployed(), { hasCertificate: true })
    const { url } = server('auth-2')
    const call = tokenCall(secret('business_client_secret'))
    const granted = await program.call(`${url}/token`, call)
    const service = String(granted.body.access_token)

    const answers = [
      await client.call(`${url}/token`, call),
      await client.call(`${url}/validateToken`, validationCall(service)),
    ]

    assert.equal(granted.status, 200)
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body.error]),
      [
        [401, 'invalid_client'],
        [401, 'invalid_token'],
      ],
    )
    assert.equal((await program.call(`${url}/validateToken`, validationCall(service))).status, 200)
  })

  it('tells no log of its servers a secret, nor where its stores are and how they are entered', () => {
    const { server, secret, user } = deployed()
    const names = ['business_client_secret', 'redis_auth_password', 'postgres_auth_password']
    const secrets = [user.password, ...names.map(secret)]

    const told = services.map((name) => server(name).output()).join('\n')

    assert.match(told, /"logged in"/)
    for (const one of secrets) assert.equal(told.includes(one), false)
    assert.doesNotMatch(told, /sp_[a-z]_|(redis|postgres):\/\//)
  })
})

function tokenCall(secret: string) {
  const basic = Buffer.from(`business:${secret}`).toString('base64')
  return {
    method: 'POST',
    headers: {
      authorization: `Basic ${basic}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  } as const
}

/** Asks about nothing, as whoever has this service token. */
function validationCall(service: string) {
  const headers = { authorization: `Bearer ${service}`, ...json }
  return { method: 'POST', headers, body: '{"tokens":[]}' } as const
}
