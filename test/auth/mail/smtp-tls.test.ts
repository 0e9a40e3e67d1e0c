import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { DeliveryError } from '../../../src/auth/mail/message.ts'
import { deliverBySmtp } from '../../../src/auth/mail/smtp.ts'
import { makeCertificate } from '../../kit/certificate.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startSmtp } from './smtp-server.ts'

const message = {
  messageId: '<id.1@example.com>',
  at: 1_700_000_000_000,
  from: 'sallyport@example.com',
  to: 'ada@example.com',
  subject: 'Hello',
  text: 'Good day.\n',
}

function send(port: number, security: 'tls' | 'starttls', ca?: string): Promise<void> {
  const url = { host: '127.0.0.1', port, security, credentials: undefined }
  const deliver = deliverBySmtp({ url, ...(ca !== undefined && { ca }) })
  return deliver(message, new AbortController().signal)
}

describe('SMTP over TLS', { skip: skipUnless('openssl') }, () => {
  async function start(t: TestContext, options: Parameters<typeof startSmtp>[1]) {
    const { cert, key } = makeCertificate(t)
    return { cert, ...(await startSmtp(t, { cert, key, ...options })) }
  }

  it('is spoken from the first byte with smtps', async (t) => {
    const { port, mails, cert } = await start(t, { secure: true })

    await send(port, 'tls', cert)

    assert.deepEqual(
      mails.map(({ isSecure }) => isSecure),
      [true],
    )
  })

  it('is begun with smtp before anything is said', async (t) => {
    const { port, mails, cert } = await start(t, { hideSTARTTLS: false })

    await send(port, 'starttls', cert)

    assert.deepEqual(
      mails.map(({ isSecure }) => isSecure),
      [true],
    )
  })

  it('is not done without where the server does not offer it', async (t) => {
    const { port, mails, cert } = await start(t, {
      hideSTARTTLS: true,
      disabledCommands: ['STARTTLS'],
    })

    await assert.rejects(send(port, 'starttls', cert), DeliveryError)

    assert.deepEqual(mails, [])
  })

  it('is refused from who has no certificate that is trusted', async (t) => {
    const { port, mails } = await start(t, { secure: true })

    await assert.rejects(send(port, 'tls'), /^DeliveryError: ESOCKET .*SELF_SIGNED_CERT/)

    assert.deepEqual(mails, [])
  })

  it('is refused in the middle, too, from who has no certificate that is trusted', async (t) => {
    const { port, mails } = await start(t, { hideSTARTTLS: false })

    await assert.rejects(send(port, 'starttls'), /^DeliveryError: E[A-Z]+ .*SELF_SIGNED_CERT/)

    assert.deepEqual(mails, [])
  })
})
