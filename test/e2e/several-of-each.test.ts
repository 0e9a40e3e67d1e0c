/** Two auths and two businesses on shared stores behind nginx, as compose.yaml has them: any of them may die. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { startDeployment } from '../kit/deployment.ts'
import { skipUnless } from '../kit/installed.ts'
import { waitUntil } from '../kit/processes.ts'
import { connectTo } from '../kit/secure-calls.ts'
import { share } from '../kit/shared-servers.ts'

const needed = ['redis-server', 'postgres', 'nginx', 'openssl'] as const

describe('Two auths and two businesses', { skip: skipUnless(...needed) }, () => {
  const deployed = share((t) => startDeployment(t, { SHUTDOWN_DELAY_SECONDS: '1' }))
  const setUp = (t: TestContext) => {
    const deployment = deployed()
    const url = (name: Parameters<typeof deployment.server>[0]) => deployment.server(name).url
    return { ...deployment, url, client: connectTo(t, deployment) }
  }

  it('take a token of one auth at the other, and in both businesses', async (t) => {
    const { url, client, front, ...deployment } = setUp(t)
    const program = connectTo(t, deployed(), { hasCertificate: true })
    const token = await client.logIn(url('auth-1'))
    const clientSecret = deployment.secret('business_client_secret')
    const basic = Buffer.from(`business:${clientSecret}`).toString('base64')
    const form = 'application/x-www-form-urlencoded'
    const granted = await program.call(`${url('auth-1')}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, 'content-type': form },
      body: 'grant_type=client_credentials',
    })

    const validated = await program.call(`${url('auth-2')}/validateToken`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${String(granted.body.access_token)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ token }),
    })
    const got = [
      await client.getData(url('business-1'), token),
      await client.getData(url('business-2'), token),
      await client.getData(front.business, token),
    ]

    assert.equal(granted.status, 200)
    assert.deepEqual([validated.status, validated.body.authenticated], [200, true])
    const counts = got.map(({ body }) => (body.data as { refresh_count: number }).refresh_count)
    assert.deepEqual(counts, [2, 3, 4])
  })

  it('know at once, all of them, that a session was ended at one auth', async (t) => {
    const { url, client, front } = setUp(t)
    const token = await client.logIn(url('auth-1'))
    const businesses = [url('business-1'), url('business-2'), front.business]
    for (const business of businesses) await client.getData(business, token)

    const ended = await client.logOut(url('auth-2'), token)

    assert.equal(ended.status, 204)
    for (const business of businesses) {
      const { status, body } = await client.getData(business, token)
      assert.deepEqual([status, body.error], [401, 'invalid_token'])
    }
  })

  it('go on when an auth is killed under load: no 401, and a 503 at most for what was in flight', async (t) => {
    const { server, startAgain, url, client, front } = setUp(t)
    const token = await client.logIn(front.auth)
    const places = [url('business-1'), url('business-2'), front.business, front.business]
    const connections = [...places, ...places, ...places, ...places]
    const load = client.startLoad(connections, token)
    await load.goesOn()

    server('auth-1').signal('SIGKILL')
    await server('auth-1').ended
    await load.goesOn()
    await load.goesOn()
    const unavailableMeanwhile = load.statuses.get(503) ?? 0
    await startAgain('auth-1')
    await waitUntil(() =>
      (['business-1', 'business-2'] as const).every((name) => isUsedAgain(server(name).output())),
    )
    // Nobody is left now but the one that has come back.
    server('auth-2').signal('SIGKILL')
    await server('auth-2').ended
    await load.goesOn()
    await load.goesOn()

    const { statuses, failures } = await load.stop()
    await startAgain('auth-2')
    assert.deepEqual(failures, [])
    assert.deepEqual(new Set([...statuses.keys(), 200, 503]), new Set([200, 503]))
    assert.equal(unavailableMeanwhile <= connections.length, true, `${unavailableMeanwhile}`)
    const unavailable = statuses.get(503) ?? 0
    assert.equal(unavailable <= 2 * connections.length, true, `${unavailable}`)
  })

  it('fail no GET through nginx when a business is killed', async (t) => {
    const { server, startAgain, client, front } = setUp(t)
    const token = await client.logIn(front.auth)
    const load = client.startLoad(Array(8).fill(front.business), token)
    await load.goesOn()

    server('business-1').signal('SIGKILL')
    await server('business-1').ended
    await load.goesOn()
    await load.goesOn()

    const { statuses, failures } = await load.stop()
    await startAgain('business-1')
    assert.deepEqual(failures, [])
    assert.deepEqual([...statuses.keys()], [200])
  })

  it('fail no GET through nginx when all four are restarted in turn', async (t) => {
    const { server, startAgain, client, front } = setUp(t)
    const token = await client.logIn(front.auth)
    const load = client.startLoad(Array(8).fill(front.business), token)
    await load.goesOn()
    const ends: unknown[] = []
    const saidBefore = front.output().length

    for (const name of ['auth-1', 'auth-2', 'business-1', 'business-2'] as const) {
      server(name).signal('SIGTERM')
      ends.push(await server(name).ended)
      await startAgain(name)
      await load.goesOn()
    }

    const { statuses, failures } = await load.stop()
    assert.deepEqual(failures, [])
    assert.deepEqual([...statuses.keys()], [200])
    assert.deepEqual(ends, Array(4).fill({ code: 0, signal: null }))
    // A request that nginx had to send twice would not show above.
    const broken = /prematurely closed|reset by peer/.exec(front.output().slice(saidBefore))
    assert.equal(broken, null)
  })
})

/** Whether a business, which had dropped an auth, has said last that it gets calls. */
function isUsedAgain(output: string): boolean {
  return output.lastIndexOf('gets calls again') > output.lastIndexOf('gets no more calls')
}
