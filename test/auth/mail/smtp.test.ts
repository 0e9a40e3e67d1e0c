import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SMTPServerOptions } from 'smtp-server'
import { type Deliver, DeliveryError, type Message } from '../../../src/auth/mail/message.ts'
import { deliverBySmtp } from '../../../src/auth/mail/smtp.ts'
import type { SmtpUrl } from '../../../src/auth/mail/smtp-url.ts'
import { freePort } from '../../kit/free-port.ts'
import { reply, startSmtp } from './smtp-server.ts'

const address = 'ada.planted@example.com'
const message: Message = {
  messageId: '<id.1@example.com>',
  at: 1_700_000_000_000,
  from: 'sallyport@example.com',
  to: address,
  subject: 'Grüße',
  text: 'Guten Tag,\n\nschöne Grüße.\n.\n',
}
const password = 'planted password/of:smtp'

function plain(port: number, credentials?: SmtpUrl['credentials']): Deliver {
  const url = { host: '127.0.0.1', port, security: 'none', credentials } as const
  return deliverBySmtp({ url })
}

const never = () => new AbortController().signal

/** How the delivery fails. */
async function failureOf(deliver: Deliver, signal = never()): Promise<DeliveryError> {
  const failure = await deliver(message, signal).then(
    () => assert.fail('it was delivered'),
    (error: unknown) => error,
  )
  assert.ok(failure instanceof DeliveryError, String(failure))
  const { stack = '', cause } = failure
  const said = [...address.split('@'), password, 'do not repeat'].filter((one) =>
    stack.includes(one),
  )
  assert.deepEqual([said, cause], [[], undefined])
  return failure
}

describe('a mail over SMTP', () => {
  it('arrives from whom and to whom it is, with its headers and its text', async (t) => {
    const { port, mails } = await startSmtp(t)

    await plain(port)(message, never())

    const [{ from, to, content } = { from: '', to: [], content: '' }] = mails
    assert.deepEqual([mails.length, from, to], [1, message.from, [address]])
    const [head = '', body = ''] = content.split('\r\n\r\n')
    const lines = head.split('\r\n')
    for (const line of [
      'Message-ID: <id.1@example.com>',
      'Auto-Submitted: auto-generated',
      'From: sallyport@example.com',
      `To: ${address}`,
      'Date: Tue, 14 Nov 2023 22:13:20 +0000',
      'Content-Type: text/plain; charset=utf-8',
    ]) {
      assert.ok(lines.includes(line), line)
    }
    assert.match(head, /^Subject: =\?UTF-8\?/m)
    assert.match(body, /Guten Tag,/)
    assert.match(content, /sch=C3=B6ne/)
  })

  it('fails for now where the server says so with 4xx', async (t) => {
    const onData = failing(reply(451, `do not repeat ${address}`))
    const { port } = await startSmtp(t, { onData })

    const { message: reason, isPermanent } = await failureOf(plain(port))

    assert.match(reason, /^EMESSAGE 451 DATA$/)
    assert.equal(isPermanent, false)
  })

  it('fails for good where the server refuses the recipient with 5xx', async (t) => {
    const { port } = await startSmtp(t, {
      onRcptTo: (_, __, done) => done(reply(550, `do not repeat ${address}`)),
    })

    const { message: reason, isPermanent } = await failureOf(plain(port))

    assert.equal(reason, 'EENVELOPE 550 RCPT TO')
    assert.equal(isPermanent, true)
  })

  it('fails for good where the server refuses the content with 5xx', async (t) => {
    const { port } = await startSmtp(t, { onData: failing(reply(554)) })

    const { message: reason, isPermanent } = await failureOf(plain(port))

    assert.equal(reason, 'EMESSAGE 554 DATA')
    assert.equal(isPermanent, true)
  })

  it('fails for now where the server refuses us, and not the mail, with 5xx', async (t) => {
    const { port } = await startSmtp(t, {
      onMailFrom: (_, __, done) => done(reply(550, 'do not repeat')),
    })

    const { message: reason, isPermanent } = await failureOf(plain(port))

    assert.equal(reason, 'EENVELOPE 550 MAIL FROM')
    assert.equal(isPermanent, false)
  })

  it('fails for now where nobody listens', async () => {
    const { message: reason, isPermanent } = await failureOf(plain(await freePort()))

    assert.match(reason, /^ESOCKET ECONNREFUSED CONN$/)
    assert.equal(isPermanent, false)
  })

  it('ends with its connection where the server does not go on and the signal comes', async (t) => {
    const { port, connected, disconnected } = await startSmtp(t, { onRcptTo() {} })
    const controller = new AbortController()
    const failing = failureOf(plain(port), controller.signal)
    await connected

    controller.abort()

    const { message: reason } = await failing
    assert.match(reason, /^EABORT/)
    await disconnected
  })

  it('logs in with the credentials of the URL', async (t) => {
    const { port, mails } = await startSmtp(t, authenticating)

    await plain(port, { user: 'sally', password })(message, never())

    assert.deepEqual(
      mails.map(({ user }) => user),
      ['sally'],
    )
  })

  it('fails for now where the password is wrong, and does not repeat it', async (t) => {
    const { port, mails } = await startSmtp(t, authenticating)

    const wrong = plain(port, { user: 'sally', password: `${password} wrong` })
    const { message: reason, isPermanent } = await failureOf(wrong)

    assert.equal(reason, 'EAUTH 535 AUTH PLAIN')
    assert.equal(isPermanent, false)
    assert.deepEqual(mails, [])
  })
})

const authenticating: SMTPServerOptions = {
  disabledCommands: [],
  allowInsecureAuth: true,
  onAuth(auth, _, done) {
    if (auth.username === 'sally' && auth.password === password) done(null, { user: 'sally' })
    else done(reply(535, `do not repeat ${auth.password}`))
  },
}

/** Takes the content and answers so. */
function failing(answer: Error): NonNullable<SMTPServerOptions['onData']> {
  return (stream, _, done) => {
    stream.resume()
    stream.on('end', () => done(answer))
  }
}
