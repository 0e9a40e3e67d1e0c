/**
 * Ports for servers that cannot take port 0, or must come back to the port they had.
 *
 * The kernel could choose one, but from the range out of which it takes the ports of outgoing connections, too: one of
 * these could have the port when its server returns, and a client that knocks at a dead port of that range can by
 * chance be connected to itself. So they are taken from below that range.
 */
import { once } from 'node:events'
import { createServer } from 'node:net'

const firstPort = 10_000
const portCount = 10_000
/** A node of a Redis Cluster also listens this far above its port, which is then above all of ours. */
const busOffset = 10_000

const given = new Set<number>()

/** A port of 127.0.0.1 on which nobody listens, nor on that of its bus. The same process never gets it twice. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = firstPort + Math.floor(Math.random() * portCount)
    if (given.has(port)) continue
    given.add(port)
    if ((await isFree(port)) && (await isFree(port + busOffset))) return port
  }
}

/** Starts on a free port, and on another one if somebody else was faster. */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  return await againIfTaken(async () => await start(await freePort()))
}

/** The same for what takes its free ports itself. */
export async function againIfTaken<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start()
    } catch (error) {
      if (attempt === 5 || !/address already in use/i.test(String(error))) throw error
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
