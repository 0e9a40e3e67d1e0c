/** An auth that does what a test tells it to: real sockets, scripted answers, and a record of the calls that it got. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { AliveValidation, Validation } from '../../src/validation.ts'

export interface RecordedCall {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly body: string
}

/** What the fake does with one call. It may answer later, half, or never. */
export type Behaviour = (call: RecordedCall, response: ServerResponse) => void

export interface FakeAuth {
  readonly url: string
  /** All calls, in the order in which they came. */
  readonly calls: readonly RecordedCall[]
  callsTo(path: string): readonly RecordedCall[]
  /** The lists of tokens that it was asked about. */
  lists(): readonly (readonly string[])[]
  /** How the next calls to the path are treated, one behaviour for each; after them it is as before. */
  next(path: string, ...behaviours: readonly Behaviour[]): void
  /** How every call to the path is treated from now on. */
  always(path: string, behaviour: Behaviour): void
  /** Resolves as soon as the path was called `times` times in all. */
  called(path: string, times: number): Promise<void>
  /** Cuts all connections and refuses new ones. */
  stop(): Promise<void>
  /** Listens again, on the same port. */
  listenAgain(): Promise<void>
}

/** Grants service tokens and finds every token alive that does not begin with `dead`, until it is told otherwise. */
export async function startFakeAuth(t: TestContext): Promise<FakeAuth> {
  const calls: RecordedCall[] = []
  const scripted = new Map<string, Behaviour[]>()
  const usual = new Map<string, Behaviour>([
    ['/token', grantTokens()],
    ['/validateToken', validateAll],
  ])
  const waiting = new Set<() => void>()
  const callsTo = (path: string) => calls.filter((call) => call.path === path)

  const server = createServer((request, response) => {
    void readCall(request).then((call) => {
      calls.push(call)
      const behaviour = scripted.get(call.path)?.shift() ?? usual.get(call.path) ?? answer(404, '')
      behaviour(call, response)
      for (const check of waiting) check()
    })
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port // it listens on a port, not on a pipe
  }
  const stop = async () => {
    const closed = server.listening ? once(server, 'close') : undefined
    server.close()
    server.closeAllConnections()
    await closed
  }
  const port = await listen(0)
  t.after(stop)

  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    callsTo,
    lists: () => callsTo('/validateToken').map(tokensOf),
    next: (path, ...behaviours) => void scripted.set(path, [...behaviours]),
    always: (path, behaviour) => void usual.set(path, behaviour),
    called: (path, times) =>
      new Promise((resolve) => {
        const check = () => {
          if (callsTo(path).length < times) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    stop,
    listenAgain: async () => void (await listen(port)),
  }
}

async function readCall(request: IncomingMessage): Promise<RecordedCall> {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  const { method = '', url = '', headers } = request
  return { method, path: url, authorization: headers.authorization, body }
}

export function tokensOf({ body }: RecordedCall): readonly string[] {
  return (JSON.parse(body) as { tokens: string[] }).tokens // what business sends is a list
}

/** What auth says of a living token whose owner has this name. */
export function aliveValidation(name: string): AliveValidation {
  return {
    authenticated: true,
    sub: '5f0d7a44-9f0a-4a39-8f55-0c3d1c1b7a10',
    name,
    scope: '',
    purpose: 'session',
    issued_at: 1_700_000_000,
    expires_in: 30,
    cap_in: 43_200,
    refresh_count: 1,
  }
}

/** The owner of a living token is named after it, so that an answer shows for which token it was given. */
export function validationOf(token: string): Validation {
  return token.startsWith('dead')
    ? { authenticated: false }
    : aliveValidation(`the owner of ${token}`)
}

export function answer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Behaviour {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return (_call, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
  }
}

/** The first token granted is `credential-1`, the next `credential-2`. */
export function grantTokens({ expiresInSeconds = 300 } = {}): Behaviour {
  let granted = 0
  return (call, response) => {
    const access_token = `credential-${++granted}`
    const scope = 'tokens:validate'
    const body = { access_token, token_type: 'Bearer', expires_in: expiresInSeconds, scope }
    answer(200, body)(call, response)
  }
}

export const validateAll: Behaviour = (call, response) => {
  answer(200, { results: tokensOf(call).map(validationOf) })(call, response)
}

export function after(milliseconds: number, behaviour: Behaviour): Behaviour {
  return (call, response) => void setTimeout(() => behaviour(call, response), milliseconds)
}

export const neverAnswer: Behaviour = () => {}

/** Says that an answer comes, begins it, and says no more. */
export const stallMidAnswer: Behaviour = (_call, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).write('{"results":[')
}

export const closeWithoutAnswer: Behaviour = (_call, response) => void response.socket?.end()

export const closeMidAnswer: Behaviour = (_call, response) => {
  response.writeHead(200, { 'content-length': '1000' })
  response.write('{"results":[', () => void response.socket?.end())
}

export const resetConnection: Behaviour = (_call, response) => {
  response.socket?.resetAndDestroy()
}

/** An answer held back until the test lets it go. */
export function heldBack(behaviour: Behaviour): { behaviour: Behaviour; letGo: () => void } {
  const held: (() => void)[] = []
  return {
    behaviour: (call, response) => void held.push(() => behaviour(call, response)),
    letGo: () => {
      for (const one of held.splice(0)) one()
    },
  }
}
