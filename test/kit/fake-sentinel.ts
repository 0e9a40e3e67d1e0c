/** A Sentinel that calls master whom the test says, right or wrong. It is asked for nothing else. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Lifetime } from './daemon.ts'

interface Address {
  readonly port: number
}

export interface FakeSentinel {
  urlAs(username: string, password: string): string
  /** From now on this one. */
  name(master: Address): void
}

export async function startFakeSentinel(t: Lifetime, first: Address): Promise<FakeSentinel> {
  let { port } = first
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}) // whoever has asked goes away
    socket.on('data', (request) => {
      const isKnown = /\r\nGET-MASTER-ADDR-BY-NAME\r\n/.test(request.toString())
      socket.write(isKnown ? list('127.0.0.1', String(port)) : '-ERR unknown command\r\n')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const own = (server.address() as AddressInfo).port // it listens on a port
  return {
    urlAs: (username, password) =>
      `redis+sentinel://${username}:${password}@127.0.0.1:${own}/mymaster`,
    name(master) {
      port = master.port
    },
  }
}

/** In the protocol of Redis. */
function list(...texts: readonly string[]): string {
  const strings = texts.map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`)
  return `*${texts.length}\r\n${strings.join('')}`
}
