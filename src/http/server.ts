/** A listening server with its limits, and the way it stops: nobody who was let in is turned away half served. */
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TlsOptions } from 'node:tls'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { createClientErrorListener } from './client-error.ts'
import { trackConnections } from './connections.ts'
import { createCors } from './cors.ts'
import { createListener } from './listener.ts'
import { createRefusalLog } from './refusal-log.ts'
import { createRouter, type Route } from './router.ts'
import { createSignal } from './signal.ts'
import { acceptAllThatWait, stopAccepting, untilQuiet } from './stop-accepting.ts'

export interface Listen {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  readonly tls: Tls | undefined
  /** How many proxies of ours each request comes through. Default: none. */
  readonly trustedProxyHops?: number
  /** Whose pages may read the answers. Default: none but our own. */
  readonly corsOrigins?: readonly string[]
}

/** PEM. */
export interface Tls {
  readonly cert: string
  readonly key: string
  /** The authorities that vouch for clients. Where there are some, every client is asked for a certificate, and none must have one. */
  readonly clientCa?: string | undefined
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
  keepAliveTimeout: 0, // idle connections are ended by a sweep
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
}
const sweepMilliseconds = 5_000
/** A connection ends a minute after anything moved on it, and at most one sweep later. */
const mostStillSweeps = 12
const maxConnections = 8_192
const refusalLogMilliseconds = 10_000
/** After it stops accepting, a client whose request is already on its way still gets an answer within this time. */
const lingerMilliseconds = 200

export async function serve(
  { host, port, tls, trustedProxyHops = 0, corsOrigins = [] }: Listen,
  { routes, log, clock }: ServeDependencies,
): Promise<RunningServer> {
  /** Whether answers ask their clients to close the connection. */
  let isDraining = false
  const stopping = createSignal()
  const refusalLog = createRefusalLog(log)
  const listener = createListener({
    router: createRouter(routes),
    log,
    refusalLog,
    now: clock.now,
    trustedProxyHops,
    whenStopping: (action) => stopping.listen(action),
    isDraining: () => isDraining,
    isSecure: tls !== undefined,
    cors: createCors(corsOrigins),
  })
  const options = { ...limits, requireHostHeader: false }
  const server =
    tls === undefined
      ? createServer(options, listener)
      : createTlsServer({ ...options, ...tlsOptions(tls) }, listener)
  server.maxHeadersCount = 0 // Node would drop the others without a word; the listener refuses them
  server.maxConnections = maxConnections
  // A client that has said all it has to say still waits for its answer. (Node documents the rule, not the switch.)
  Object.assign(server, { httpAllowHalfOpen: true })
  server.on('clientError', createClientErrorListener(refusalLog))
  server.on('checkExpectation', listener) // an expectation that we don't know is ignored, RFC 9110 §10.1.1
  const connections = trackConnections(server, { isSecure: tls !== undefined })
  await listening(server, { host, port })
  const stopSweeps = clock.every(sweepMilliseconds, () => connections.sweep(mostStillSweeps))
  const stopSummary = clock.every(refusalLogMilliseconds, () => refusalLog.sumUp())

  return {
    url: urlOf(server, tls === undefined ? 'http' : 'https'),
    async drain({ delaySeconds, graceSeconds }) {
      isDraining = delaySeconds > 0
      await wait(clock, delaySeconds * 1000)
      // Whoever is asked to close comes back at once. In the last turns nobody is asked, so that nobody is on the way.
      isDraining = false
      if (delaySeconds > 0) await untilQuiet(server, clock)
      await acceptAllThatWait(server)
      const closed = stopAccepting(server)
      isDraining = true
      stopping.give()
      const cancelGrace = clock.after(graceSeconds * 1000, () => {
        log.warn('requests in flight were cut', { grace_seconds: graceSeconds })
        connections.endAll()
      })
      await Promise.race([closed, wait(clock, Math.min(lingerMilliseconds, graceSeconds * 1000))])
      server.close() // again, for what Node itself keeps going
      connections.endUnused()
      await closed
      cancelGrace()
      stopSummary()
      stopSweeps()
      refusalLog.sumUp()
    },
  }
}

/** Who comes without a good certificate is let in: which endpoints want one is for the endpoints to say. */
function tlsOptions({ cert, key, clientCa }: Tls): TlsOptions {
  const own = { cert, key, handshakeTimeout: limits.headersTimeout }
  if (clientCa === undefined) return own
  return { ...own, requestCert: true, rejectUnauthorized: false, ca: clientCa }
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

function wait(clock: Clock, milliseconds: number): Promise<void> {
  return milliseconds === 0
    ? Promise.resolve()
    : new Promise((resolve) => clock.after(milliseconds, resolve))
}

function urlOf(server: Server, scheme: string): string {
  const { address, family, port } = server.address() as AddressInfo // it listens on a port, not on a pipe
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
