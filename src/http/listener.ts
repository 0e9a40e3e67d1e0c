/** From a request to its answer: the one place that makes calls, writes replies and translates errors to the wire. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { describeError, type Log } from '../log.ts'
import { Call, type Reply, singleHeader } from './endpoint.ts'
import { Refusal } from './refusal.ts'
import type { RefusalLog } from './refusal-log.ts'
import type { Match, Router } from './router.ts'

export interface ListenerDependencies {
  readonly router: Router
  readonly log: Log
  readonly refusalLog: RefusalLog
  readonly now: () => number
  /** While true, every answer asks the client to close the connection. */
  readonly isDraining: () => boolean
  /** Whether clients come by TLS: they are then told to keep to it (RFC 6797). */
  readonly isSecure: boolean
}

export function createListener(dependencies: ListenerDependencies): RequestListener {
  const { router, log, refusalLog, now, isDraining, isSecure } = dependencies
  const nextRequestId = createRequestIds()
  const fixedHeaders = securityHeaders(isSecure)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = log.isDebug ? now() : 0
    let requestId = ''
    let match: Match | undefined
    let call: Call | undefined
    let reply: Reply
    try {
      requestId = chooseRequestId(request.rawHeaders) ?? nextRequestId()
      checkHost(request)
      match = router(request.method ?? '', request.url ?? '')
      call = new Call(request, requestId, match.endpoint.body)
      reply = await match.endpoint.handle(call)
    } catch (error) {
      if (requestId === '') requestId = nextRequestId()
      const path = match?.path ?? '(none)'
      const refusal = toRefusal(error)
      if (refusal.status === 500)
        log.error('failed', { request_id: requestId, path, error: describeError(error) })
      else refusalLog.add(refusal, { path, requestId })
      reply = errorReply(refusal, requestId)
    }
    if (isDraining()) response.shouldKeepAlive = false
    write(response, reply, requestId, fixedHeaders)
    if (log.isDebug) {
      const { method } = request
      const milliseconds = now() - startedAt
      const path = match?.path ?? '(none)'
      log.debug('answered', {
        request_id: requestId,
        method,
        path,
        status: reply.status,
        milliseconds,
        ...call?.notes,
      })
    }
  }

  return (request, response) => {
    void answer(request, response)
  }
}

/** What every answer carries. None of our answers may be kept by a cache: each depends on a token, a password or the moment. */
function securityHeaders(isSecure: boolean): readonly string[] {
  const headers = ['Cache-Control', 'no-store', 'X-Content-Type-Options', 'nosniff']
  return isSecure ? [...headers, 'Strict-Transport-Security', 'max-age=31536000'] : headers
}

function write(
  response: ServerResponse,
  { status, body, headers }: Reply,
  requestId: string,
  fixed: readonly string[],
): void {
  const head = ['X-Request-Id', requestId, ...fixed]
  if (headers !== undefined) for (const name in headers) head.push(name, headers[name] as string)
  if (body === undefined) {
    response.writeHead(status, head).end()
    return
  }
  const text = JSON.stringify(body)
  head.push('Content-Type', 'application/json', 'Content-Length', String(Buffer.byteLength(text)))
  response.writeHead(status, head).end(text)
}

/** A fault becomes a 500 that says nothing: the log has the rest. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  return new Refusal('server_error', 'Something went wrong on our side.', { cause: error })
}

export function errorBody({ code, message }: Refusal, requestId: string) {
  return { error: code, error_description: message, request_id: requestId }
}

function errorReply(refusal: Refusal, requestId: string): Reply {
  const { status, challenge, headers } = refusal
  const challenged =
    challenge === undefined ? headers : { ...headers, 'WWW-Authenticate': challenge }
  return { status, headers: challenged, body: errorBody(refusal, requestId) }
}

/** RFC 9112 §3.2: exactly one `Host`, from HTTP/1.1 on. We never read it. */
function checkHost({ rawHeaders, httpVersionMinor }: IncomingMessage): void {
  if (singleHeader(rawHeaders, 'host') === undefined && httpVersionMinor > 0) {
    throw new Refusal('invalid_request', 'The header "host" is missing.')
  }
}

/** Hexadecimal with hyphens: UUIDs and trace ids pass; a password or a token that strayed here is not logged or echoed. */
const requestIdPattern = /^[0-9a-f][0-9a-f-]{7,63}$/i

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
