/** What could not even be read as a request gets the same shape of answer as all errors, and then its connection ends. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { createRequestIds } from './listener.ts'
import { errorBody, Refusal } from './refusal.ts'
import type { RefusalLog } from './refusal-log.ts'

export function createClientErrorListener(refusalLog: RefusalLog) {
  const nextRequestId = createRequestIds()
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable || hasOpenRequest(socket)) {
      socket.destroy()
      return
    }
    const refusal = refusalOf(error)
    const requestId = nextRequestId()
    refusalLog.add(refusal, { path: '(none)', requestId })
    const body = JSON.stringify(errorBody(refusal, requestId))
    const head = [
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
      `X-Request-Id: ${requestId}`,
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
  }
}

function refusalOf({ code }: NodeJS.ErrnoException): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new Refusal('headers_too_large', 'The headers are too long.')
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    return new Refusal('content_too_large', 'The chunk extensions are too long.')
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new Refusal('request_timeout', 'The request did not arrive in time.')
  }
  return new Refusal('invalid_request', 'This is not an HTTP request.')
}

/** Node shows neither of these, so we look where it keeps them. */
interface HttpSocket extends Socket {
  readonly _httpMessage?: { readonly writableEnded: boolean } | null
  readonly parser?: { readonly incoming?: { readonly complete: boolean } | null } | null
}

/**
 * Whether a request on this socket waits for its answer, or was answered before all of it came: another answer would be
 * taken for its own.
 */
export function hasOpenRequest(socket: HttpSocket): boolean {
  const incoming = socket.parser?.incoming ?? undefined
  const isAnswering = (socket._httpMessage ?? undefined) !== undefined
  return isAnswering || (incoming !== undefined && !incoming.complete)
}

/** Whether the other side waits for an answer that we still have to give. What it does not read, it does not wait for. */
export function isAnswerAwaited(socket: HttpSocket): boolean {
  return socket._httpMessage?.writableEnded === false
}
