import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import type { TestContext } from 'node:test'

/** Lets a server of the test's own listen on a free port of the loopback until the test ends, and says its address. */
export async function listenOnFreePort(t: TestContext, server: Server): Promise<string> {
  t.after(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port, not on a pipe
  return `http://127.0.0.1:${port}`
}
