/** Looks for secrets in bytes, in each form in which a program could have written them. */

/** What is as short as this can be found anywhere by chance. */
const shortestLength = 6

export interface Found {
  readonly secret: string
  readonly form: string
}

/** The secrets that the bytes contain, with the form in which each was found first. One pass, however many there are. */
export function findSecrets(bytes: Buffer, secrets: readonly string[]): Found[] {
  const byStart = new Map<number, { readonly found: Found; readonly needle: Buffer }[]>()
  for (const secret of secrets.filter(({ length }) => length >= shortestLength)) {
    for (const [form, needle] of formsOf(secret)) {
      const start = needle.readUInt32BE(0)
      const others = byStart.get(start)
      const one = { found: { secret, form }, needle }
      if (others === undefined) byStart.set(start, [one])
      else others.push(one)
    }
  }
  const found = new Map<string, Found>()
  let start = 0
  for (const [index, byte] of bytes.entries()) {
    start = ((start << 8) | byte) >>> 0
    for (const { found: one, needle } of byStart.get(start) ?? []) {
      const at = index - 3
      if (found.has(one.secret) || bytes.length < at + needle.length) continue
      if (bytes.compare(needle, 0, needle.length, at, at + needle.length) === 0) {
        found.set(one.secret, one)
      }
    }
  }
  return [...found.values()]
}

const tokenPattern = /sp_[a-z]_[\w-]{12}_[\w-]{43}/g

/** Whatever looks like one of our tokens, whoever got it. */
export function findTokens(bytes: Buffer): string[] {
  return bytes.toString('latin1').match(tokenPattern) ?? []
}

function formsOf(secret: string): [form: string, needle: Buffer][] {
  const forms: [string, Buffer][] = [
    ['as it is', Buffer.from(secret)],
    ['percent-encoded', Buffer.from(encodeURIComponent(secret))],
    ['in JSON', Buffer.from(JSON.stringify(secret).slice(1, -1))],
    ['hexadecimal', Buffer.from(Buffer.from(secret).toString('hex'))],
    ['in upper hexadecimal', Buffer.from(Buffer.from(secret).toString('hex').toUpperCase())],
    ...[0, 1, 2].flatMap((offset) => base64Forms(secret, offset)),
  ]
  // Of a token, the random part is the secret.
  if (secret.search(tokenPattern) !== 0) return forms
  const random = secret.slice(-43)
  const decoded = Buffer.from(random, 'base64url')
  return [
    ...forms,
    ['without its prefix', Buffer.from(random)],
    ['as 32 bytes', decoded],
    ['as 32 bytes, hexadecimal', Buffer.from(decoded.toString('hex'))],
  ]
}

/** Behind as many other bytes, as in the credentials of HTTP Basic: without the characters that those take part in. */
function base64Forms(secret: string, offset: number): [string, Buffer][] {
  const text = Buffer.from('\0'.repeat(offset) + secret)
    .toString('base64')
    .replaceAll('=', '')
  const own = text.slice(Math.ceil((offset * 8) / 6), -1)
  return [
    ['base64', Buffer.from(own)],
    ['base64url', Buffer.from(own.replaceAll('+', '-').replaceAll('/', '_'))],
  ]
}
