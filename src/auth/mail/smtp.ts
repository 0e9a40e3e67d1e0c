/** Mails over SMTP (RFC 5321). The driver's errors repeat addresses and what the server said, so they go no further. */
import { createTransport } from 'nodemailer'
import type { NodemailerError } from 'nodemailer/lib/errors'
import { type Deliver, DeliveryError } from './message.ts'
import type { SmtpUrl } from './smtp-url.ts'

export interface SmtpOptions {
  readonly url: SmtpUrl
  /** PEM: the only authorities that vouch for the server. Default: those that Node knows. */
  readonly ca?: string
}

export function deliverBySmtp({ url, ca }: SmtpOptions): Deliver {
  const { host, port, security, credentials } = url
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
    ...(credentials && { auth: { user: credentials.user, pass: credentials.password } }),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return async ({ messageId, at, from, to, subject, text }, signal) => {
    try {
      await transport.sendMail({
        messageId,
        date: new Date(at),
        envelope: { from, to },
        from: { name: '', address: from },
        to: { name: '', address: to },
        subject,
        text,
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal,
      })
    } catch (error) {
      throw deliveryErrorOf(error)
    }
  }
}

/** Whatever else a server refuses for good may be a mistake in our configuration, which somebody will correct. */
const commandsAboutTheMail: readonly (string | undefined)[] = ['RCPT TO', 'DATA']

function deliveryErrorOf(error: unknown): DeliveryError {
  const { code, originalCode, responseCode, command, permanent } = error as NodemailerError // it throws no other
  const known = [code, originalCode, responseCode, command].filter((one) => one !== undefined)
  const isPermanent = permanent === true && commandsAboutTheMail.includes(command)
  return new DeliveryError(known.join(' '), { isPermanent })
}
