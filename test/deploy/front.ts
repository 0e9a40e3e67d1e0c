/** nginx with the template that is deployed, in front of stand-ins that record what reaches them. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import type { TestContext } from 'node:test'
import { connect as connectSecurely } from 'node:tls'
import { Agent, request } from 'undici'
import { makeCertificate } from '../kit/certificate.ts'
import { freePort } from '../kit/free-port.ts'
import { startNginx } from '../kit/nginx.ts'

export const template = 'deploy/nginx/default.conf.template'

type ServerName = 'auth' | 'business'

/** A server as nginx is told of it. */
export interface StandIn {
  readonly address: string
}

interface TlsFiles {
  readonly cert: string
  readonly key: string
}

export async function startStandIn(
  t: TestContext,
  listener: RequestListener,
  tls?: TlsFiles,
): Promise<StandIn> {
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener)
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}` } // it listens on a port
}

/** Where nobody listens. */
export async function nowhere(): Promise<StandIn> {
  return { address: `127.0.0.1:${await freePort()}` }
}

export interface FrontOptions {
  readonly auth: readonly [StandIn, StandIn]
  readonly business: readonly [StandIn, StandIn]
  /** Speaks TLS to the servers, and trusts this authority alone. */
  readonly caFile?: string
}

export interface Front {
  readonly url: (name: ServerName) => string
  /** The certificate that the public sees, which is its own authority. */
  readonly ca: string
  /** Sends the bytes over TLS and gives all that came back until nginx closed, or what there is after 5 s. */
  readonly exchange: (name: ServerName, bytes: string) => Promise<string>
}

export async function startFront(
  t: TestContext,
  { auth, business, caFile }: FrontOptions,
): Promise<Front> {
  const { cert: ca, certFile, keyFile } = makeCertificate(t)
  const nginx = await startNginx(t, {
    template,
    ports: ['NGINX_AUTH_PORT', 'NGINX_BUSINESS_PORT'],
    variables: {
      NGINX_ADDRESS: '127.0.0.1',
      NGINX_CERT_FILE: certFile,
      NGINX_KEY_FILE: keyFile,
      NGINX_UPSTREAM_SCHEME: caFile === undefined ? 'http' : 'https',
      NGINX_UPSTREAM_CA_FILE: caFile ?? certFile,
      NGINX_AUTH_1: auth[0].address,
      NGINX_AUTH_2: auth[1].address,
      NGINX_BUSINESS_1: business[0].address,
      NGINX_BUSINESS_2: business[1].address,
    },
  })
  const portOf = (name: ServerName) => nginx.port(`NGINX_${name.toUpperCase()}_PORT`)
  return {
    ca,
    url: (name) => `https://127.0.0.1:${portOf(name)}`,
    exchange: async (name, bytes) => {
      const bare = connect(portOf(name), '127.0.0.1')
      const socket = connectSecurely({ socket: bare, ca, host: '127.0.0.1' })
      let received = ''
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1')
      })
      const ended = new Promise<void>((resolve, reject) => {
        socket.once('close', () => resolve()).once('error', reject)
        bare.setTimeout(5_000, () => resolve())
      })
      socket.write(bytes)
      await ended
      bare.destroy()
      return received
    },
  }
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** The front, and calls to `/data` through it. */
export async function startFrontWith(t: TestContext, options: FrontOptions) {
  const front = await startFront(t, options)
  const dispatcher = new Agent({ connect: { ca: front.ca } })
  t.after(() => dispatcher.destroy())
  async function call(name: ServerName, { method = 'GET', headers = {}, body }: CallOptions = {}) {
    const answer = await request(`${front.url(name)}/data`, {
      ...{ dispatcher, method, headers },
      ...(body === undefined ? {} : { body }),
    })
    const text = await answer.body.text()
    return { status: answer.statusCode, headers: answer.headers, text }
  }
  return { front, call }
}

/** The same with one stand-in for all servers, and the requests that it saw. */
export async function startFrontWithOne(
  t: TestContext,
  listener: RequestListener = (_request, response) => response.end(),
) {
  const { server, seen } = await startRecorder(t, listener)
  const servers = { auth: [server, server], business: [server, server] } as const
  return { seen, ...(await startFrontWith(t, servers)) }
}

/** A stand-in that keeps the requests that it got. */
export async function startRecorder(t: TestContext, listener: RequestListener, tls?: TlsFiles) {
  const seen: IncomingMessage[] = []
  const record: RequestListener = (request, response) => {
    seen.push(request)
    listener(request, response)
  }
  return { server: await startStandIn(t, record, tls), seen }
}
