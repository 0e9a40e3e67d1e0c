/** A client of a deployment: single calls, and a bounded load that counts how each request ended. */
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Agent, request } from 'undici'
import type { Deployment } from './deployment.ts'
import { waitUntil } from './processes.ts'

export interface SecureCall {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Record<string, string>
  readonly body?: string
}

export interface SecureAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  /** Empty where there is no body. */
  readonly body: Readonly<Record<string, unknown>>
}

export interface SecureClient {
  call(url: string, call?: SecureCall): Promise<SecureAnswer>
  logIn(authUrl: string): Promise<string>
  getData(businessUrl: string, token: string): Promise<SecureAnswer>
  logOut(authUrl: string, token: string): Promise<SecureAnswer>
  /** `GET /data`, or another path, again and again over one connection for each of these addresses. */
  startLoad(urls: readonly string[], token: string, path?: string): SecureLoad
}

export interface SecureLoad {
  readonly statuses: ReadonlyMap<number, number>
  /** Resolves after a hundred further answers. */
  goesOn(): Promise<void>
  stop(): Promise<{
    readonly statuses: ReadonlyMap<number, number>
    readonly failures: readonly string[]
  }>
}

/** Trusts the front and the servers behind it, and shows them the certificate of business, or none. */
export function connectTo(
  t: Pick<TestContext, 'after'>,
  { secret, user }: Deployment,
  { hasCertificate = false } = {},
): SecureClient {
  const certificate = hasCertificate && {
    cert: secret('business_client_cert.pem'),
    key: secret('business_client_key.pem'),
  }
  const ca = [secret('authority_cert.pem'), secret('public_cert.pem')]
  const openAgent = () => {
    const agent = new Agent({ connections: 1, connect: { ca, ...certificate } })
    t.after(() => agent.destroy())
    return agent
  }
  const dispatcher = openAgent()

  async function call(url: string, options: SecureCall = {}): Promise<SecureAnswer> {
    const answer = await request(url, { dispatcher, ...options })
    const text = await answer.body.text()
    const body = text === '' ? {} : JSON.parse(text)
    return { status: answer.statusCode, headers: answer.headers, body }
  }

  return {
    call,
    async logIn(authUrl) {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify(user)
      const answer = await call(`${authUrl}/login`, { method: 'POST', headers, body })
      if (answer.status !== 200) throw new Error(`login answered ${JSON.stringify(answer)}`)
      return String(answer.body.token)
    },
    getData: (url, token) => call(`${url}/data`, { headers: bearer(token) }),
    logOut: (url, token) => call(`${url}/logout`, { method: 'POST', headers: bearer(token) }),
    startLoad(urls, token, path = '/data') {
      const statuses = new Map<number, number>()
      const failures: string[] = []
      let answered = 0
      let isStopped = false
      t.after(() => {
        isStopped = true
      })

      async function work(url: string): Promise<void> {
        const agent = openAgent()
        while (!isStopped) {
          try {
            const options = { dispatcher: agent, headers: bearer(token) }
            const { statusCode, body } = await request(url + path, options)
            await body.dump()
            statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
          } catch (error) {
            failures.push(String(error))
          }
          answered++
          await pause(2)
        }
      }

      const workers = urls.map(work)
      return {
        statuses,
        async goesOn() {
          const before = answered
          await waitUntil(() => answered >= before + 100)
        },
        async stop() {
          isStopped = true
          await Promise.all(workers)
          return { statuses, failures }
        },
      }
    },
  }
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` }
}
