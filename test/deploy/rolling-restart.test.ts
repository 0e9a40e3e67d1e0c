import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { demoCredentials } from '../kit/demo.ts'
import { freePort } from '../kit/free-port.ts'
import { skipUnless } from '../kit/installed.ts'
import {
  type ServerProcess,
  startAuth,
  startBusiness,
  type Variables,
  waitUntil,
} from '../kit/processes.ts'
import { type Front, type ServerName, startFront } from './front.ts'
import { makeSecrets } from './secrets.ts'

/** Enough for nginx to be told on each of its connections that it is to be closed. */
const delay = { SHUTDOWN_DELAY_SECONDS: '1' }

describe('the servers behind nginx', { skip: skipUnless('nginx', 'openssl') }, () => {
  it('lose no GET when they are restarted one after the other', async (t) => {
    const { front, restarts, token } = await startServers(t, delay)
    const loads = [
      startLoad(t, front, 'auth', { path: '/healthz', token: '' }),
      startLoad(t, front, 'business', { path: '/data', token }),
    ]

    for (const restart of restarts) {
      await restart('SIGTERM')
      await Promise.all(loads.map((load) => load.hasGoneOn()))
    }

    for (const load of loads) {
      const { statuses, failures } = await load.stop()
      assert.deepEqual(failures, [])
      assert.deepEqual([...statuses.keys()], [200])
    }
  })

  it('lose no GET when one of each is killed', async (t) => {
    const { front, restarts, token } = await startServers(t)
    const loads = [
      startLoad(t, front, 'auth', { path: '/healthz', token: '' }),
      startLoad(t, front, 'business', { path: '/data', token }),
    ]
    await Promise.all(loads.map((load) => load.hasGoneOn()))

    await restarts[0]?.('SIGKILL')
    await restarts[2]?.('SIGKILL')

    for (const load of loads) {
      await load.hasGoneOn()
      const { statuses, failures } = await load.stop()
      assert.deepEqual(failures, [])
      assert.deepEqual([...statuses.keys()], [200])
    }
  })
})

/** Two of each behind nginx, with TLS between them. Both businesses ask a third auth that stays, because the others keep tokens in memory. */
async function startServers(t: TestContext, variables: Variables = {}) {
  const secrets = makeSecrets(t)
  const caFile = join(secrets, 'authority_cert.pem')
  const tlsOf = (name: ServerName) => ({
    TLS_CERT_FILE: join(secrets, `${name}_cert.pem`),
    TLS_KEY_FILE: join(secrets, `${name}_key.pem`),
    NODE_EXTRA_CA_CERTS: caFile,
    ...variables,
  })
  const lasting = await startAuth(t, tlsOf('auth'))
  const ports = [await freePort(), await freePort(), await freePort(), await freePort()] as const
  const startOne = async (port: number): Promise<ServerProcess> => {
    const server =
      ports.indexOf(port) < 2
        ? await startAuth(t, { ...tlsOf('auth'), AUTH_PORT: String(port) })
        : await startBusiness(t, {
            ...{ ...tlsOf('business'), BUSINESS_PORT: String(port) },
            AUTH_URL: lasting.url,
          })
    await waitUntil(() => server.find('started').some(({ ready }) => ready === true))
    return server
  }
  const restarts = await Promise.all(
    ports.map(async (port) => {
      let server = await startOne(port)
      return async (signal: NodeJS.Signals) => {
        server.signal(signal)
        await server.ended
        server = await startOne(port)
      }
    }),
  )
  const [auth1, auth2, business1, business2] = ports
  const at = (port: number) => ({ address: `127.0.0.1:${port}` })
  const front = await startFront(t, {
    auth: [at(auth1), at(auth2)],
    business: [at(business1), at(business2)],
    caFile,
  })
  const dispatcher = new Agent({ connect: { ca: readFileSync(caFile) } })
  t.after(() => dispatcher.destroy())
  const login = await request(`${lasting.url}/login`, {
    ...{ dispatcher, method: 'POST', body: JSON.stringify(demoCredentials) },
    headers: { 'content-type': 'application/json' },
  })
  const { token } = (await login.body.json()) as { token: string }
  return { front, restarts, token }
}

/** The same GET again and again over kept connections, each answer counted. */
function startLoad(
  t: TestContext,
  front: Front,
  name: ServerName,
  { path, token }: { readonly path: string; readonly token: string },
) {
  const dispatcher = new Agent({ connect: { ca: front.ca } })
  t.after(() => dispatcher.destroy())
  const statuses = new Map<number, number>()
  const failures: string[] = []
  let answered = 0
  let isStopped = false

  async function work(): Promise<void> {
    while (!isStopped) {
      try {
        const headers = token === '' ? {} : { authorization: `Bearer ${token}` }
        const { statusCode, body } = await request(front.url(name) + path, { dispatcher, headers })
        await body.dump()
        statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
      } catch (error) {
        failures.push(String(error))
      }
      answered++
      await pause(1)
    }
  }

  const workers = Array.from({ length: 8 }, work)
  t.after(() => {
    isStopped = true
  })
  return {
    /** Resolves after a hundred further answers. */
    async hasGoneOn() {
      const before = answered
      await waitUntil(() => answered >= before + 100)
    },
    async stop() {
      isStopped = true
      await Promise.all(workers)
      return { statuses, failures }
    },
  }
}
