/** From a request to its answer: the one place that makes calls, writes replies and translates errors to the wire. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { describeError, type Log } from '../log.ts'
import { checkTransferCoding } from './body.ts'
import { Content } from './content.ts'
import type { Cors } from './cors.ts'
import { Call, type CallContext, type Reply } from './endpoint.ts'
import { singleHeader } from './headers.ts'
import { errorBody, Refusal } from './refusal.ts'
import type { RefusalLog } from './refusal-log.ts'
import type { Router } from './router.ts'

export interface ListenerDependencies extends CallContext {
  readonly router: Router
  readonly log: Log
  readonly refusalLog: RefusalLog
  /** While true, every answer asks the client to close the connection. */
  readonly isDraining: () => boolean
  /** Whether clients come by TLS: they are then told to keep to it. */
  readonly isSecure: boolean
  /** Missing where no page of another origin may read anything. */
  readonly cors: Cors | undefined
}

export function createListener(dependencies: ListenerDependencies): RequestListener {
  const { router, log, refusalLog, isDraining, isSecure, cors } = dependencies
  const { now, trustedProxyHops, whenStopping } = dependencies
  const context: CallContext = { now, trustedProxyHops, whenStopping }
  const nextRequestId = createRequestIds()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = log.isDebug ? now() : 0
    let requestId = nextRequestId()
    let path = '(none)'
    let call: Call | undefined
    let reply: Reply
    let payload: Payload
    try {
      requestId = chooseRequestId(request.rawHeaders) ?? requestId
      checkHeaders(request)
      const match = router(request.method ?? '', request.url ?? '')
      path = match.path
      call = new Call(request, requestId, match, context)
      reply = await match.endpoint.handle(call)
      payload = payloadOf(reply)
    } catch (error) {
      const refusal = toRefusal(error)
      if (refusal.status !== 500) refusalLog.add(refusal, { path, requestId })
      else log.error('failed', { request_id: requestId, path, error: describeError(error) })
      reply = errorReply(refusal, requestId)
      payload = payloadOf(reply)
    }
    if (cors !== undefined) reply = cors(request, reply)
    if (isDraining()) response.shouldKeepAlive = false
    send(response, reply, payload, { requestId, isSecure })
    if (log.isDebug) {
      const known = { request_id: requestId, method: request.method, path, status: reply.status }
      log.debug('answered', { ...known, milliseconds: now() - startedAt, ...call?.notes })
    }
  }

  return (request, response) => {
    void answer(request, response)
  }
}

function errorReply(refusal: Refusal, requestId: string): Reply {
  const { status, challenge, headers } = refusal
  const challenged =
    challenge === undefined ? headers : { ...headers, 'WWW-Authenticate': challenge }
  return { status, headers: challenged, body: errorBody(refusal, requestId) }
}

/** What is sent: JSON, content of another type, or nothing. */
type Payload = string | Content | undefined

function payloadOf({ body }: Reply): Payload {
  return body === undefined || body instanceof Content ? body : JSON.stringify(body)
}

const cacheControl = 'Cache-Control'

/** No answer may be kept by a cache that does not say so itself: each depends on a token, a password or the moment. */
function send(
  response: ServerResponse,
  { status, headers }: Reply,
  payload: Payload,
  { requestId, isSecure }: { readonly requestId: string; readonly isSecure: boolean },
): void {
  const isContent = payload instanceof Content
  const data = isContent ? payload.bytes : payload
  // Name, value, name, value: as Node takes them without copying.
  const head = [
    'X-Request-Id',
    requestId,
    cacheControl,
    headers?.[cacheControl] ?? 'no-store',
    'X-Content-Type-Options',
    'nosniff',
    'Content-Length',
    String(Buffer.byteLength(data ?? '')),
    'Content-Type',
    isContent ? payload.type : 'application/json',
  ]
  if (data === undefined) head.length -= 4
  if (isSecure) head.push('Strict-Transport-Security', 'max-age=31536000') // RFC 6797
  for (const name in headers) {
    if (name !== cacheControl) head.push(name, headers[name] as string) // it has what it names
  }
  response.writeHead(status, head).end(data)
}

/** A fault becomes a 500 that says nothing: the log has the rest. */
function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  return new Refusal('server_error', 'Something went wrong on our side.', { cause: error })
}

const maxHeaders = 100

/**
 * Not too many; no body that two readers could cut differently; and exactly one `Host`, from HTTP/1.1 on (RFC 9112
 * §3.2), though we never read it.
 */
function checkHeaders({ rawHeaders, httpVersionMinor }: IncomingMessage): void {
  if (rawHeaders.length > 2 * maxHeaders) {
    throw new Refusal('headers_too_large', `There are more than ${maxHeaders} headers.`)
  }
  const transferCoding = singleHeader(rawHeaders, 'transfer-encoding')
  if (transferCoding !== undefined) checkTransferCoding(transferCoding, httpVersionMinor)
  if (singleHeader(rawHeaders, 'host') === undefined && httpVersionMinor > 0) {
    throw new Refusal('invalid_request', "The header 'host' is missing.")
  }
}

/** Hexadecimal with hyphens: UUIDs and trace ids pass; a password or a token that strayed here is not logged or echoed. */
const requestIdPattern = /^[0-9a-f][0-9a-f-]{7,35}$/i

function chooseRequestId(rawHeaders: readonly string[]): string | undefined {
  const given = singleHeader(rawHeaders, 'x-request-id')
  return given !== undefined && requestIdPattern.test(given) ? given : undefined
}

/** Unique, not secret: random for the process, counted within it. */
export function createRequestIds(): () => string {
  const prefix = randomBytes(6).toString('hex')
  let last = 0
  return () => `${prefix}-${(++last).toString(16).padStart(4, '0')}`
}
