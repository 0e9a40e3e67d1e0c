/**
 * Which pages of other origins may read our answers (CORS, in the Fetch standard): those that are named, exactly. Nothing
 * of ours is in a cookie, so credentials are never allowed: a page has to bring the token itself.
 */
import type { IncomingMessage } from 'node:http'
import type { Reply } from './endpoint.ts'
import { headersOf } from './headers.ts'

/** Adds to a reply what lets a page of an allowed origin read it. To all others it only says that origins matter. */
export type Cors = (request: Pick<IncomingMessage, 'method' | 'rawHeaders'>, reply: Reply) => Reply

const requestHeaders = 'authorization, content-type, token'
const shownHeaders = 'X-Request-Id, Location, Retry-After, WWW-Authenticate, ETag'
const preflightSeconds = 600

/** `origins` are written as browsers write them. `undefined` where there are none: then no answer knows of origins. */
export function createCors(origins: readonly string[]): Cors | undefined {
  if (origins.length === 0) return undefined
  const allowed = new Set(origins)

  return (request, reply) => {
    const [origin, ...others] = headersOf(request.rawHeaders, 'origin')
    const isAllowed = origin !== undefined && others.length === 0 && allowed.has(origin)
    const added = isAllowed ? headersFor(origin, request, reply) : {}
    return { ...reply, headers: { ...reply.headers, ...added, Vary: 'Origin' } }
  }
}

function headersFor(
  origin: string,
  { method, rawHeaders }: Pick<IncomingMessage, 'method' | 'rawHeaders'>,
  { headers }: Reply,
) {
  const own = { 'Access-Control-Allow-Origin': origin }
  const isPreflight =
    method === 'OPTIONS' && headersOf(rawHeaders, 'access-control-request-method').length > 0
  if (!isPreflight) return { ...own, 'Access-Control-Expose-Headers': shownHeaders }
  return {
    ...own,
    'Access-Control-Allow-Methods': headers?.Allow ?? '',
    'Access-Control-Allow-Headers': requestHeaders,
    'Access-Control-Max-Age': String(preflightSeconds),
  }
}
