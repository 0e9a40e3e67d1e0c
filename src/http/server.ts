/** A listening server with its limits, and the way it stops: nobody who was let in is turned away half served. */
import { createServer, type Server, STATUS_CODES } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Server as NetServer, type Socket } from 'node:net'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { createListener, createRequestIds, errorBody } from './listener.ts'
import { Refusal } from './refusal.ts'
import { createRefusalLog, type RefusalLog } from './refusal-log.ts'
import { createRouter, type Route } from './router.ts'

export interface Listen {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  readonly tls: { readonly cert: string; readonly key: string } | undefined
}

export interface Shutdown {
  /** How long the server goes on accepting after it was told to stop. */
  readonly delaySeconds: number
  /** After the delay, how long requests in flight may take before their connections are cut. */
  readonly graceSeconds: number
}

export interface RunningServer {
  readonly url: string
  /** Accepts on for the delay, then finishes what is in flight. Resolves when the last connection is gone. */
  drain(shutdown: Shutdown): Promise<void>
}

export interface ServeDependencies {
  readonly routes: readonly Route[]
  readonly log: Log
  readonly clock: Clock
}

/** Limits on what a stranger can make grow. Times in milliseconds. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
}
const maxConnections = 8_192
const refusalLogMilliseconds = 10_000
/** After it stops accepting, a client whose request is already on its way still gets an answer within this time. */
const lingerMilliseconds = 200

export async function serve(
  { host, port, tls }: Listen,
  { routes, log, clock }: ServeDependencies,
): Promise<RunningServer> {
  let isDraining = false
  const refusalLog = createRefusalLog(log)
  const listener = createListener({
    router: createRouter(routes),
    log,
    refusalLog,
    now: clock.now,
    isDraining: () => isDraining,
    isSecure: tls !== undefined,
  })
  const options = { ...limits, requireHostHeader: false }
  const server =
    tls === undefined
      ? createServer(options, listener)
      : createTlsServer({ ...options, ...tls }, listener)
  server.maxHeadersCount = 0 // Node would drop the others without a word; the listener refuses them
  server.maxConnections = maxConnections
  server.on('clientError', createClientErrorListener(refusalLog))
  server.on('checkExpectation', listener) // an expectation that we don't know is ignored, RFC 9110 §10.1.1
  await listening(server, { host, port })
  const stopSummary = clock.every(refusalLogMilliseconds, () => refusalLog.sumUp())

  return {
    url: urlOf(server, tls === undefined ? 'http' : 'https'),
    async drain({ delaySeconds, graceSeconds }) {
      isDraining = true
      await wait(clock, delaySeconds * 1000)
      await acceptAllThatWait(server)
      const closed = stopAccepting(server)
      const cancelGrace = clock.after(graceSeconds * 1000, () => {
        log.warn('requests in flight were cut', { grace_seconds: graceSeconds })
        server.closeAllConnections()
      })
      await Promise.race([closed, wait(clock, Math.min(lingerMilliseconds, graceSeconds * 1000))])
      server.close() // again, and this time with the idle connections
      await closed
      cancelGrace()
      stopSummary()
      refusalLog.sumUp()
    },
  }
}

function listening(server: Server, address: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** How many turns of the event loop a server goes on accepting, where connections come without a pause. */
const maxTurns = 200

/**
 * Goes on until two turns of the event loop have brought no connection. To close the listening socket resets those that
 * the kernel has accepted and we have not.
 */
async function acceptAllThatWait(server: Server): Promise<void> {
  let quietTurns = 0
  const stir = () => {
    quietTurns = 0
  }
  server.on('connection', stir)
  for (let turn = 0; turn < maxTurns && quietTurns < 2; turn++) {
    quietTurns++
    await new Promise(setImmediate)
  }
  server.off('connection', stir)
}

/**
 * Closes the listening socket alone. `http.Server#close` would at once end the connections that look idle, and with
 * them the requests that the kernel has already accepted and nobody has read yet.
 */
function stopAccepting(server: Server): Promise<void> {
  return new Promise((resolve) => {
    NetServer.prototype.close.call(server, () => resolve())
  })
}

function wait(clock: Clock, milliseconds: number): Promise<void> {
  return milliseconds === 0
    ? Promise.resolve()
    : new Promise((resolve) => clock.after(milliseconds, resolve))
}

function urlOf(server: Server, scheme: string): string {
  const { address, family, port } = server.address() as AddressInfo // it listens on a port, not on a pipe
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/** What could not even be read as a request gets the same shape of answer, and then the connection ends. */
function createClientErrorListener(refusalLog: RefusalLog) {
  const nextRequestId = createRequestIds()
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable || hasOpenRequest(socket)) {
      socket.destroy()
      return
    }
    const refusal = refusalOfClientError(error)
    const requestId = nextRequestId()
    refusalLog.add(refusal, { path: '(none)', requestId })
    const body = JSON.stringify(errorBody(refusal, requestId))
    const head = [
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
      `X-Request-Id: ${requestId}`,
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
  }
}

/**
 * Whether a request on this socket still waits for its answer, or was answered before all of it came: another answer
 * would be taken for its own. Node shows neither, so we look where it keeps them.
 */
function hasOpenRequest(socket: Socket): boolean {
  const { _httpMessage: answering, parser } = socket as Socket & {
    _httpMessage?: object | null
    parser?: { incoming?: { complete: boolean } | null } | null
  }
  const incoming = parser?.incoming ?? undefined
  return (answering ?? undefined) !== undefined || (incoming !== undefined && !incoming.complete)
}

function refusalOfClientError({ code }: NodeJS.ErrnoException): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Refusal('headers_too_large', 'The headers are too long.')
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
    return new Refusal('content_too_large', 'The chunk extensions are too long.')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Refusal('request_timeout', 'The request did not arrive in time.')
  return new Refusal('invalid_request', 'This is not an HTTP request.')
}
