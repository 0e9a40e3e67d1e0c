/** A TCP proxy that can swallow the answers: what was asked is done, and who asked does not hear of it. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { Lifetime } from './daemon.ts'

export interface OneWayProxy {
  /** The URL with the proxy's address in place of the target's. */
  through(url: string): string
  /** From now on the target is not heard on the connections that there are. */
  swallowAnswers(): void
  /** Destroys all connections. */
  cut(): void
  /** How many connections there have been. */
  connections(): number
}

export async function startOneWayProxy(
  t: Lifetime,
  { port }: { readonly port: number },
): Promise<OneWayProxy> {
  const pairs: { client: Socket; target: Socket }[] = []
  const server = createServer({ noDelay: true }, (client) => {
    const target = connect({ host: '127.0.0.1', port, noDelay: true })
    pairs.push({ client, target })
    client.pipe(target).pipe(client)
    client.on('error', () => target.destroy()).on('close', () => target.destroy())
    target.on('error', () => client.destroy()).on('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const { client, target } of pairs) {
      client.destroy()
      target.destroy()
    }
  }
  t.after(() => {
    server.close()
    cut()
  })
  const address = server.address()
  const ownPort = typeof address === 'object' && address !== null ? address.port : 0
  return {
    through(url) {
      const changed = new URL(url)
      changed.port = String(ownPort)
      return changed.href
    },
    swallowAnswers() {
      for (const { client, target } of pairs) target.unpipe(client).resume()
    },
    cut,
    connections: () => pairs.length,
  }
}
