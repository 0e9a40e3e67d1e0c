import { isUtf8 } from 'node:buffer'
import { Refusal } from './refusal.ts'

/** The longest bearer token that a header may carry, in characters. */
export const maxBearerLength = 4096

/**
 * The credentials behind `scheme` in an `Authorization` header (RFC 9110 §11.4: one or more spaces between them, and case
 * does not count); `undefined` where there is none of that scheme.
 */
function readScheme(header: string | undefined, scheme: 'Basic' | 'Bearer'): string | undefined {
  if (header === undefined) return undefined
  const space = header.indexOf(' ')
  const given = space === -1 ? header : header.slice(0, space)
  if (given !== scheme && given.toLowerCase() !== scheme.toLowerCase()) return undefined
  let start = space === -1 ? header.length : space
  while (header.charCodeAt(start) === 0x20) start++
  return header.slice(start)
}

const b64token = /^[A-Za-z0-9\-._~+/]+=*$/

/** Whether a string can stand behind `Bearer` at all: the `b64token` of RFC 6750 §2.1, of bounded length. */
export function isBearerSyntax(token: string): boolean {
  return token.length <= maxBearerLength && b64token.test(token)
}

/** The token of `Authorization: Bearer …`; `undefined` where the header is missing or of another scheme. */
export function readBearer(header: string | undefined): string | undefined {
  const token = readScheme(header, 'Bearer')
  if (token === '' || token?.includes(' ')) {
    throw new Refusal(
      'invalid_request',
      "The Authorization header must be 'Bearer', a space and one token.",
    )
  }
  return token
}

export interface BasicCredentials {
  readonly userId: string
  readonly password: string
}

/** The credentials of `Authorization: Basic …` (RFC 7617, UTF-8); `undefined` where the header is missing or of another scheme. */
export function readBasic(header: string | undefined): BasicCredentials | undefined {
  const encoded = readScheme(header, 'Basic')
  if (encoded === undefined) return undefined
  const bytes = Buffer.from(encoded, 'base64')
  const text = bytes.toString('utf8')
  const colon = text.indexOf(':')
  const isCanonical =
    bytes.toString('base64').replaceAll('=', '') === encoded.replace(/={0,2}$/, '')
  if (!isCanonical || !isUtf8(bytes) || colon === -1) {
    throw new Refusal(
      'invalid_request',
      "The Basic credentials must be the base64 of 'user:password' in UTF-8.",
    )
  }
  return { userId: text.slice(0, colon), password: text.slice(colon + 1) }
}
