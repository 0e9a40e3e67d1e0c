/** What can be told of an access token before its key is known: its form, and by which key it says it was signed. */

export const accessTokenType = 'at+jwt'

/** Ours have a few hundred characters. */
export const maxAccessTokenLength = 4_096

/** Whether a text has the form of a JWT. Says nothing about whether it is good. */
export function isAccessTokenShape(token: string): boolean {
  return token.length <= maxAccessTokenLength && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)
}

export interface Header {
  readonly alg: string
  readonly kid: string
}

/**
 * Of a header that says what ours say and nothing else: no key of its own, no address of one, nothing critical (RFC 8725
 * §3). `undefined` for any other.
 */
export function readHeader(token: string): Header | undefined {
  if (!isAccessTokenShape(token)) return undefined
  const [encoded = ''] = token.split('.', 1)
  const header = parseObject(Buffer.from(encoded, 'base64url').toString('utf8'))
  const { alg, typ, kid, ...others } = header ?? {}
  const isOurs = typ === accessTokenType && Object.keys(others).length === 0
  return isOurs && typeof alg === 'string' && typeof kid === 'string' ? { alg, kid } : undefined
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? (value as Record<string, unknown>) : undefined // an array has other names
  } catch {
    return undefined
  }
}
