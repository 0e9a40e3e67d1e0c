/**
 * Ends the connections that nobody uses.
 *
 * Node's own `keepAliveTimeout` arms a timer after each answer and disarms it before the next: on a busy server that is
 * the dearest part of a request after the answer itself. A sweep now and then costs a request nothing. It counts sweeps
 * and reads no clock, so that a clock that is set ends nothing.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { hasOpenRequest, isAnswerAwaited } from './client-error.ts'

export interface Connections {
  /** Ends each connection on which nothing has moved for this number of sweeps, and no answer is awaited. */
  sweep(mostStillSweeps: number): void
  /** Ends each connection without a request, also those that never had one, which Node counts as active. */
  endUnused(): void
  /** Ends them all, also those that have not finished their TLS handshake, which Node does not know of. */
  endAll(): void
}

interface Seen {
  bytes: number
  stillSweeps: number
}

export function trackConnections(server: Server, { isSecure }: { isSecure: boolean }): Connections {
  const bare = new Set<Socket>()
  const carrying = new Map<Socket, Seen>()

  server.on('connection', (socket: Socket) => {
    bare.add(socket)
    socket.once('close', () => bare.delete(socket))
  })
  // What requests come over: behind TLS that is not the bare connection.
  server.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => {
    carrying.set(socket, { bytes: 0, stillSweeps: 0 })
    socket.once('close', () => carrying.delete(socket))
  })

  return {
    sweep(mostStillSweeps) {
      for (const [socket, seen] of carrying) {
        const bytes = socket.bytesRead + socket.bytesWritten
        seen.stillSweeps =
          bytes !== seen.bytes || isAnswerAwaited(socket) ? 0 : seen.stillSweeps + 1
        seen.bytes = bytes
        if (seen.stillSweeps > mostStillSweeps) socket.destroy()
      }
    },
    endUnused() {
      for (const socket of carrying.keys()) if (!hasOpenRequest(socket)) socket.destroy()
    },
    endAll() {
      for (const socket of bare) socket.destroy()
    },
  }
}
