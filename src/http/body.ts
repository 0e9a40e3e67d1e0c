import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { parseForm } from './form.ts'
import { findDoubledMember, parseJson } from './json.ts'
import { Refusal } from './refusal.ts'

export type BodyFormat = 'json' | 'form'

export const mediaTypes: Readonly<Record<BodyFormat, string>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
}

/** Which of the formats the request says that its body has; 415 for every other, and for an encoded body. */
export function checkContentType(
  {
    contentType,
    contentEncoding,
  }: { contentType: string | undefined; contentEncoding: string | undefined },
  formats: readonly BodyFormat[],
): BodyFormat {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';')
  const format = formats.find((one) => mediaTypes[one] === type.replace(/^[ \t]+|[ \t]+$/g, ''))
  const isPlain = contentEncoding === undefined || contentEncoding.toLowerCase() === 'identity'
  const isUtf8Said = parameters.every((one) => /^[ \t]*(charset=(utf-8|"utf-8")[ \t]*)?$/.test(one))
  if (format !== undefined && isPlain && isUtf8Said) return format
  const expected = formats.map((one) => mediaTypes[one]).join(' or ')
  throw new Refusal(
    'unsupported_media_type',
    `The body must be ${expected}, in UTF-8 and not compressed.`,
  )
}

/**
 * Node reads chunks whatever else was done to them, and from HTTP/1.0 too, which has none. RFC 9112 §6.1 wants the
 * connection closed after either: where its next request begins is a matter of opinion.
 */
export function checkTransferCoding(transferCoding: string, httpVersionMinor: number): void {
  const headers = { Connection: 'close' }
  if (httpVersionMinor === 0) {
    throw new Refusal('invalid_request', 'HTTP/1.0 has no transfer codings.', { headers })
  }
  if (transferCoding.toLowerCase() !== 'chunked') {
    const description = 'The only transfer coding here is chunked.'
    throw new Refusal('unsupported_media_type', description, { headers })
  }
}

/** The body as it came, at most `maxBytes` of it: counted while it arrives, whatever its header promised. */
export function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let received = 0
    const stop = (error: Error) => {
      request.removeAllListeners('data').removeAllListeners('end').resume()
      reject(error)
    }
    const isCutOff = (cause?: Error) =>
      stop(new Refusal('invalid_request', 'The body did not arrive whole.', { cause }))
    if (request.destroyed && !request.complete) isCutOff()
    request.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (received > maxBytes)
        stop(new Refusal('content_too_large', `The body is longer than ${maxBytes} bytes.`))
      else chunks.push(chunk)
    })
    request.on('end', () =>
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)),
    )
    request.on('error', isCutOff)
    request.on('close', () => {
      if (!request.complete) isCutOff()
    })
  })
}

/** What the bytes say in that format; 400 where they say nothing, or one of `fields` twice. */
export function parseBody(bytes: Buffer, format: BodyFormat, fields: readonly string[]): unknown {
  if (bytes.length === 0) throw new Refusal('invalid_request', 'The body is missing.')
  if (!isUtf8(bytes)) throw new Refusal('invalid_request', 'The body is not UTF-8.')
  const text = bytes.toString('utf8')
  if (format === 'form') return parseForm(text)
  const value = parseJson(text)
  if (value === undefined) throw new Refusal('invalid_request', 'The body is not JSON.')
  const doubled = findDoubledMember(text, fields)
  if (doubled !== undefined)
    throw new Refusal('invalid_request', `The field '${doubled}' stands twice.`)
  return value
}
