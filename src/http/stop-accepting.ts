/** The last moments of a listening socket: to close it resets whoever is on the way, so first nobody must be. */
import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import type { Clock } from '../clock.ts'

/** How many turns of the event loop a server goes on accepting, where connections come without a pause. */
const maxTurns = 200

/** How long nobody must have come, and how long that is waited for at most. */
const quietMilliseconds = 50
const mostQuietMilliseconds = 1_000

/** Until those who were asked to close have come back: on a busy machine that takes them a while. */
export function untilQuiet(server: Server, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    let cancelQuiet = clock.after(quietMilliseconds, end)
    const cancelMost = clock.after(mostQuietMilliseconds, end)
    server.on('connection', stir)

    function stir(): void {
      cancelQuiet()
      cancelQuiet = clock.after(quietMilliseconds, end)
    }

    function end(): void {
      cancelQuiet()
      cancelMost()
      server.off('connection', stir)
      resolve()
    }
  })
}

/**
 * Goes on until two turns of the event loop have brought no connection. To close the listening socket resets those that
 * the kernel has accepted and we have not.
 */
export async function acceptAllThatWait(server: Server): Promise<void> {
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
export function stopAccepting(server: Server): Promise<void> {
  return new Promise((resolve) => {
    NetServer.prototype.close.call(server, () => resolve())
  })
}
