/**
 * One kept-alive connection to auth, over which calls go one after the other. Every call has a deadline that covers all
 * of it, and an answer of bounded size. Redirects are answers like any other: nothing is followed.
 */
import type { Dispatcher } from 'undici'
// The one class that we need: all of undici would double the time that business takes to start.
import Client from 'undici/lib/dispatcher/client.js'
import type { Clock } from '../clock.ts'

export interface AuthRequest {
  readonly path: '/token' | '/validateToken'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What of auth is there to be read. */
export type AuthPath = '/readyz' | '/.well-known/jwks.json' | '/events' | `/events?${string}`

export interface AuthAnswer {
  readonly status: number
  readonly text: string
}

export interface AuthConnection {
  /** POSTs, and resolves with whatever status came. Rejects with an `AuthUnreachable` where no whole answer came. */
  post(request: AuthRequest): Promise<AuthAnswer>
  /** GETs likewise. */
  get(path: AuthPath, headers?: AuthRequest['headers']): Promise<AuthAnswer>
  /** What is under way rejects at once. */
  close(): Promise<void>
}

/** No whole answer came from auth. */
export class AuthUnreachable extends Error {
  override readonly name = 'AuthUnreachable'
  /** Whether the connection was refused or reset, or another auth can be asked: to ask again at once may help. */
  readonly mayRepeat: boolean
  constructor(message: string, { mayRepeat, ...options }: ErrorOptions & { mayRepeat: boolean }) {
    super(message, options)
    this.mayRepeat = mayRepeat
  }
}

/** Who auth is known by, and who we are. PEM. */
export interface AuthTrust {
  /** The only authorities that are trusted; `undefined` for those that Node knows. */
  readonly ca: string | undefined
  /** What we show auth, where it asks. */
  readonly certificate: { readonly cert: string; readonly key: string } | undefined
}

/** One address of auth, and the connection to it. */
export interface AuthAddressConnection extends AuthConnection {
  /** Whether auth says, within the deadline, that it is ready. Never rejects. */
  isReady(): Promise<boolean>
}

export interface AuthConnectionOptions {
  /** Comes from the configuration, never from a request. */
  readonly url: string
  /** Default: the authorities that Node knows, and no certificate. */
  readonly trust?: AuthTrust
  readonly clock: Clock
  readonly deadlineMilliseconds: number
  /** How much longer an answer may take, because auth is asked to wait. Default: 0. */
  readonly waitMilliseconds?: number
  readonly maxAnswerBytes: number
}

export function connectToAuth({
  url,
  trust,
  clock,
  deadlineMilliseconds,
  waitMilliseconds = 0,
  maxAnswerBytes,
}: AuthConnectionOptions): AuthAddressConnection {
  const client = new Client(url, {
    pipelining: 1,
    headersTimeout: 0, // the deadline covers headers and body
    bodyTimeout: 0,
    maxResponseSize: maxAnswerBytes,
    connect: {
      timeout: deadlineMilliseconds,
      ...(trust?.ca === undefined ? {} : { ca: trust.ca }),
      ...trust?.certificate,
    },
  })

  function send(call: Dispatcher.DispatchOptions): Promise<AuthAnswer> {
    return new Promise((resolve, reject) => {
      const handler = new AnswerHandler(resolve, reject)
      const milliseconds = deadlineMilliseconds + waitMilliseconds
      handler.cancelDeadline = clock.after(milliseconds, () => handler.expire(milliseconds))
      client.dispatch(call, handler)
    })
  }

  const get: AuthConnection['get'] = (path, headers = {}) => send({ method: 'GET', path, headers })

  return {
    post: ({ path, headers, body }) => send({ method: 'POST', path, headers, body }),
    get,
    isReady: () =>
      get('/readyz').then(
        ({ status }) => status === 200,
        () => false,
      ),
    close: () => client.destroy(),
  }
}

/**
 * Posts, and once more where that may help. Both of our calls may be repeated: to reinflate twice is to reinflate once,
 * and a service token that nobody received dies by itself.
 */
export function postTwice(connection: AuthConnection, request: AuthRequest): Promise<AuthAnswer> {
  return callTwice(() => connection.post(request))
}

/** Makes a call, and once more where that may help. */
export async function callTwice(call: () => Promise<AuthAnswer>): Promise<AuthAnswer> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof AuthUnreachable && error.mayRepeat) return await call()
    throw error
  }
}

/** Gathers one answer. Settles once, whatever comes first: the end, an error or the deadline. */
class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: AuthAnswer) => void
  readonly #reject: (error: AuthUnreachable) => void
  readonly #chunks: Buffer[] = []
  #controller: Dispatcher.DispatchController | undefined
  #expired: AuthUnreachable | undefined
  #status = 0
  cancelDeadline = () => {}

  constructor(resolve: (answer: AuthAnswer) => void, reject: (error: AuthUnreachable) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }

  expire(milliseconds: number): void {
    this.#expired = new AuthUnreachable(`auth did not answer within ${milliseconds} ms`, {
      mayRepeat: false,
    })
    this.#controller?.abort(this.#expired)
    this.#reject(this.#expired)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#expired !== undefined) controller.abort(this.#expired)
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    this.cancelDeadline()
    const [first = Buffer.alloc(0)] = this.#chunks
    const bytes = this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks)
    this.#resolve({ status: this.#status, text: bytes.toString('utf8') })
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    this.cancelDeadline()
    const mayRepeat = lostConnectionCodes.has(Reflect.get(cause, 'code'))
    this.#reject(new AuthUnreachable('auth gave no whole answer', { cause, mayRepeat }))
  }
}

/** The last four are how a machine looks that has gone with its address. */
const lostConnectionCodes = new Set<unknown>([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])
