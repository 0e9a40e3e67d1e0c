/** Calls over TLS, each on a connection of its own, as a client with or without a certificate makes them. */
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import type { TLSSocket } from 'node:tls'

export interface TlsCall {
  readonly url: string
  /** Whom the client trusts. */
  readonly ca: string
  /** What the client shows. */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined
  /** Of an earlier call, to be resumed. */
  readonly session?: Buffer
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface TlsAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly isResumed: boolean
  /** To be resumed by a later call. */
  readonly session: Buffer
}

export async function callOverTls(call: TlsCall): Promise<TlsAnswer> {
  const { url, ca, certificate, session, method = 'GET', headers = {}, body } = call
  const tls = { ca, ...certificate, ...(session === undefined ? {} : { session }) }
  const sent = request(url, { ...tls, method, headers, agent: false })
  const sessions: Buffer[] = []
  sent.on('socket', (socket: TLSSocket) => {
    socket.on('session', (one: Buffer) => void sessions.push(one))
  })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const socket = response.socket as TLSSocket // it was called over TLS
  const isResumed = socket.isSessionReused()
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return {
    status: response.statusCode ?? 0,
    body: JSON.parse(text) as TlsAnswer['body'], // every answer of ours with a body is an object
    isResumed,
    session: sessions.at(-1) ?? Buffer.alloc(0),
  }
}
