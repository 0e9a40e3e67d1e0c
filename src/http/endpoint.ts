/**
 * What an endpoint is: the shapes of its body and of its answers, said once, and the function between them. It sees a
 * `Call` and answers with a `Reply`; it never meets a socket.
 */
import type { IncomingMessage } from 'node:http'
import { type BodyFormat, checkContentType, parseBody, readBytes } from './body.ts'
import { isCertifiedAs } from './certificate.ts'
import { parseForm } from './form.ts'
import { headersOf, singleHeader } from './headers.ts'
import { Refusal, type RefusalCode } from './refusal.ts'
import { type Shape, ShapeError, type TypeOf } from './shape.ts'
import { sourceOf } from './source.ts'

/** The answer of an act that has nothing to say. */
export const nothing: Shape<undefined> = { schema: {}, check: () => undefined }

export interface BodyDeclaration<B> {
  readonly shape: Shape<B>
  readonly formats: readonly BodyFormat[]
  /** Default: 16 KiB. */
  readonly maxBytes?: number
}

/** The shapes of an endpoint's answers, by status. Refusals are the same everywhere and are not among them. */
export type Answers = Readonly<Record<number, Shape<unknown>>>

export type ReplyOf<A extends Answers> = {
  [S in keyof A & number]: {
    readonly status: S
    readonly body: TypeOf<A[S]>
    readonly headers?: ReplyHeaders
  }
}[keyof A & number]

export type ReplyHeaders = Readonly<Record<string, string>>

export interface Reply {
  readonly status: number
  readonly body: unknown
  readonly headers?: ReplyHeaders
}

/** Who may call: anybody, who shows a password, a user by a token, a client by its secret, or a service by its token. */
export type Access = 'anybody' | 'login' | 'user' | 'client' | 'service'

export interface Declaration<B, A extends Answers, Q = unknown> {
  /** What it does, in a few words: for the API document. */
  readonly summary: string
  readonly access: Access
  /** Codes of refusals that it has beside those that all have of its access and with a body. */
  readonly refusals?: readonly RefusalCode[]
  readonly query?: Shape<Q>
  readonly body?: BodyDeclaration<B>
  readonly answers: A
}

export interface Endpoint extends Declaration<unknown, Answers> {
  handle(call: Call): Reply | Promise<Reply>
}

/** Declares an endpoint. The types of what its handler may read and must answer come from the shapes. */
export function endpoint<B, A extends Answers, Q>(declaration: Declaration<B, A, Q>) {
  return {
    handle(handler: (call: Call<B, Q>) => ReplyOf<A> | Promise<ReplyOf<A>>): Endpoint {
      // A route table holds endpoints of every kind; the listener gives each the call made of its own declaration.
      return { ...declaration, handle: handler as Endpoint['handle'] }
    },
  }
}

/** Fields that an act adds to the log line of its request. Never a secret, never what a client typed. */
export type Notes = Readonly<Record<string, string | number>>

const defaultMaxBytes = 16 * 1024

/** What all requests of a server have in common. */
export interface CallContext {
  readonly now: () => number
  /** How many proxies of ours each request comes through. */
  readonly trustedProxyHops: number
  /** Calls `action` when the server stops accepting, or at once where it has. The answer takes that back. */
  readonly whenStopping: (action: () => void) => () => void
}

/** What the path of a request says where the route has a `:name`. */
export type Params = Readonly<Record<string, string>>

/** One request, as an act sees it. */
export class Call<B = unknown, Q = unknown> {
  readonly requestId: string
  readonly #request: IncomingMessage
  readonly #declaration: Declaration<B, Answers, Q>
  readonly #params: Params
  readonly #context: CallContext
  notes: Notes | undefined

  constructor(
    request: IncomingMessage,
    requestId: string,
    {
      endpoint,
      params,
    }: { readonly endpoint: Declaration<B, Answers, Q>; readonly params: Params },
    context: CallContext,
  ) {
    this.requestId = requestId
    this.#request = request
    this.#declaration = endpoint
    this.#params = params
    this.#context = context
  }

  /** Where it comes from: an IP address, or `unknown`. */
  get source(): string {
    const { socket, rawHeaders } = this.#request
    const forwardedFor = headersOf(rawHeaders, 'x-forwarded-for')
    const { trustedProxyHops } = this.#context
    return sourceOf({ peer: socket.remoteAddress, forwardedFor }, trustedProxyHops)
  }

  /** What stands in the path for `:name` of its route, decoded. It may be any text but the empty one. */
  param(name: string): string {
    const value = this.#params[name]
    if (value === undefined) throw new TypeError(`this route has no ':${name}'`)
    return value
  }

  /** The query, held against its declaration: 400 where it does not fit, or says a field twice. */
  query(): Q {
    const { query: shape } = this.#declaration
    if (shape === undefined) throw new TypeError('this endpoint declares no query')
    const [, query = ''] = /\?([^#]*)/.exec(this.#request.url ?? '') ?? []
    return checkShape(shape, parseForm(query, 'query'))
  }

  /** A header by its lower-case name. One that stands twice is a 400: what it means would depend on the reader. */
  header(name: string): string | undefined {
    return singleHeader(this.#request.rawHeaders, name)
  }

  /** Whether the client has shown a certificate in this DNS name that is good now. Never, where none is asked for. */
  hasCertificateFor(name: string): boolean {
    return isCertifiedAs(name, this.#request.socket, this.#context.now())
  }

  /** Whether content came with the request (RFC 9112 §6.3). */
  get hasBody(): boolean {
    const length = this.header('content-length')
    return (
      this.header('transfer-encoding') !== undefined || (length !== undefined && length !== '0')
    )
  }

  /**
   * Calls `action`, once or more, when it is no use to let the client wait any longer: it has gone or has said its last,
   * or the server stops. The answer takes that back, and must be called.
   */
  whenWaitIsVain(action: () => void): () => void {
    const { socket } = this.#request
    const goOn = this.#context.whenStopping(action)
    socket.on('end', action)
    socket.on('close', action)
    if (socket.destroyed || socket.readableEnded) action()
    return () => {
      goOn()
      socket.off('end', action)
      socket.off('close', action)
    }
  }

  /** Reads the body and holds it against its declaration. To be called once. */
  async body(): Promise<B> {
    const { body: declaration } = this.#declaration
    if (declaration === undefined) throw new TypeError('this endpoint declares no body')
    const { shape, formats, maxBytes = defaultMaxBytes } = declaration
    if (!this.hasBody) throw new Refusal('invalid_request', 'The body is missing.')
    const contentType = this.header('content-type')
    const format = checkContentType(
      { contentType, contentEncoding: this.header('content-encoding') },
      formats,
    )
    const value = parseBody(await readBytes(this.#request, maxBytes), format, shape.fields ?? [])
    return checkShape(shape, value)
  }
}

/** What a client sent, held against its shape: 400 where it does not fit. */
export function checkShape<T>(shape: Shape<T>, sent: unknown): T {
  try {
    return shape.check(sent)
  } catch (error) {
    if (error instanceof ShapeError) throw new Refusal('invalid_request', error.message)
    throw error
  }
}
