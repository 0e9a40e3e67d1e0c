/** A real SMTP server on a free port of loopback, until the test ends. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { createGate } from '../../kit/gate.ts'

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  /** As it came, headers first. */
  readonly content: string
  readonly isSecure: boolean
  /** Who logged in. */
  readonly user: string | undefined
}

/** What a server says where it does not take what it is given. */
export function reply(responseCode: number, text = 'no'): Error {
  return Object.assign(new Error(text), { responseCode })
}

export async function startSmtp(t: TestContext, options: SMTPServerOptions = {}) {
  const mails: ReceivedMail[] = []
  const connected = createGate()
  const disconnected = createGate()
  const server = new SMTPServer({
    disabledCommands: ['AUTH'],
    hideSTARTTLS: true,
    closeTimeout: 100,
    onConnect(_, done) {
      connected.open()
      done()
    },
    onClose: () => disconnected.open(),
    onData(stream, { envelope, secure, user }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk))
      stream.on('end', () => {
        mails.push({
          from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          to: envelope.rcptTo.map(({ address }) => address),
          content: Buffer.concat(chunks).toString('utf8'),
          isSecure: secure,
          user,
        })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {}) // of a connection that its client has ended
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  t.after(() => new Promise<void>((resolve) => server.close(resolve)))
  const { port } = server.server.address() as AddressInfo // it listens on a port
  return { port, mails, connected: connected.opened, disconnected: disconnected.opened }
}
