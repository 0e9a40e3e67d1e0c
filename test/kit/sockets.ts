/** Bytes in, bytes out: for requests that no well-behaved client would send. */
import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

export function openSocket(t: TestContext, url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket))
    t.after(() => socket.destroy())
    socket.once('error', reject)
    socket.on('error', () => {}) // a reset connection is one of the expected answers
  })
}

/** Sends the bytes and resolves with all that came back when the server has closed, or after `milliseconds`. */
export async function exchange(
  t: TestContext,
  url: string,
  bytes: string | Buffer,
  milliseconds = 2_000,
): Promise<string> {
  const socket = await openSocket(t, url)
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1')
  })
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => resolve())
    setTimeout(resolve, milliseconds).unref()
  })
  socket.write(bytes)
  await ended
  socket.destroy()
  return received
}

/** The statuses in what came back, in order. */
export function statusesIn(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
}
