/** Two auths and two businesses on shared stores behind nginx, as compose.yaml has them: any of them may die. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { services, startDeployment } from '../kit/deployment.ts'
import { skipUnless } from '../kit/installed.ts'
import { waitUntil } from '../kit/processes.ts'
import { connectTo, type SecureLoad } from '../kit/secure-calls.ts'
import { share } from '../kit/shared-servers.ts'

/** Longer than two hundred answers take on a busy machine. */
const SHUTDOWN_DELAY_SECONDS = '2'
const needed = ['redis-server', 'postgres', 'nginx', 'openssl'] as const

describe('Two auths and two businesses', { skip: skipUnless(...needed) }, () => {
  const deployed = share((t) => startDeployment(t, { SHUTDOWN_DELAY_SECONDS }))
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

  it('fail no GET through nginx when a business is killed, nor one that auth itself answers when an auth is', async (t) => {
    const { server, startAgain } = setUp(t)
    const { ofData, ofHealth } = await startLoads(t)

    for (const [name, load] of [['business-1', ofData] as const, ['auth-1', ofHealth] as const]) {
      server(name).signal('SIGKILL')
      await server(name).ended
      await load.goesOn()
      await load.goesOn()
      await assertNoneFailed(load)
      await startAgain(name)
    }
  })

  it('fail no GET through nginx when all four are restarted in turn, nor do they send nginx away before they end', async (t) => {
    const { server, startAgain, front } = setUp(t)
    const loads = Object.values(await startLoads(t))
    const ends: unknown[] = []
    const complaints: string[] = []

    for (const name of services) {
      server(name).signal('SIGTERM')
      await waitUntil(() => server(name).find('stopping').length > 0)
      const saidBefore = front.output().length
      await goOn(loads)
      await goOn(loads)
      complaints.push(...complaintsIn(front.output().slice(saidBefore)))
      assert.deepEqual(server(name).find('stopped'), [], 'it was to take long enough')
      ends.push(await server(name).ended)
      await startAgain(name)
      await goOn(loads)
    }

    for (const load of loads) await assertNoneFailed(load)
    assert.deepEqual(ends, Array(4).fill({ code: 0, signal: null }))
    // A request that nginx had to send twice does not show above.
    assert.deepEqual(complaints, [])
  })

  /** Through both doors of nginx. */
  async function startLoads(t: TestContext) {
    const { client, front } = setUp(t)
    const token = await client.logIn(front.auth)
    const ofData = client.startLoad(Array(8).fill(front.business), token)
    const ofHealth = client.startLoad(Array(8).fill(front.auth), token, '/healthz')
    await goOn([ofData, ofHealth])
    return { ofData, ofHealth }
  }
})

async function goOn(loads: readonly SecureLoad[]): Promise<void> {
  await Promise.all(loads.map((load) => load.goesOn()))
}

async function assertNoneFailed(load: SecureLoad): Promise<void> {
  const { statuses, failures } = await load.stop()
  assert.deepEqual(failures, [])
  assert.deepEqual([...statuses.keys()], [200])
}

/** What nginx says of servers that it could not reach, or that broke off. */
function complaintsIn(errorLog: string): string[] {
  return errorLog.split('\n').filter((line) => /\[(warn|error|crit)\]/.test(line))
}

/** Whether a business, which had dropped an auth, has said last that it gets calls. */
function isUsedAgain(output: string): boolean {
  return output.lastIndexOf('gets calls again') > output.lastIndexOf('gets no more calls')
}
