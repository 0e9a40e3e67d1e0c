/**
 * Where mails go. `smtp://` is upgraded by STARTTLS before anything is said, and refused where it cannot be: mails bring
 * tokens. Only on loopback it stays plain, where a relay of one's own seldom has a certificate for that name.
 */

export interface SmtpUrl {
  readonly host: string
  readonly port: number
  readonly security: 'tls' | 'starttls' | 'none'
  readonly credentials: { readonly user: string; readonly password: string } | undefined
}

const ports = { 'smtp:': 587, 'smtps:': 465 } as const

/** `undefined` where the text is no such URL. */
export function parseSmtpUrl(text: string): SmtpUrl | undefined {
  if (!/^smtps?:\/\/[^/?#]+\/?$/.test(text) || !URL.canParse(text)) return undefined
  const { protocol, hostname, port, username, password } = new URL(text)
  const scheme = protocol as keyof typeof ports // the pattern lets no other in
  const [user, secret] = [decode(username), decode(password)]
  if (hostname === '' || user === undefined || secret === undefined) return undefined
  if ((user === '') !== (secret === '')) return undefined
  const host = hostname.replace(/^\[|\]$/g, '')
  return {
    host,
    port: port === '' ? ports[scheme] : Number(port),
    security: scheme === 'smtps:' ? 'tls' : isLoopback(host) ? 'none' : 'starttls',
    credentials: user === '' ? undefined : { user, password: secret },
  }
}

function isLoopback(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|::1|localhost)$/i.test(host)
}

/** `undefined` for a bad escape. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
