/** Answers that are not JSON: bytes, and what they are. */
import { createHash } from 'node:crypto'
import type { Call, ReplyHeaders } from './endpoint.ts'
import { type Shape, ShapeError } from './shape.ts'

export class Content {
  /** As `Content-Type` says it. */
  readonly type: string
  readonly bytes: Buffer

  constructor(type: string, bytes: Buffer | string) {
    this.type = type
    this.bytes = Buffer.from(bytes)
  }
}

/** The shape of such an answer. `mediaType` may be a range, as `image/*`. */
export function content(mediaType: string): Shape<Content> {
  return {
    schema: {},
    mediaType,
    check(value) {
      if (value instanceof Content) return value
      throw new ShapeError('must be content')
    },
  }
}

/** How to answer with content that does not change while the server runs: only who has not got it is sent it. */
export function fixedReply(body: Content, headers: ReplyHeaders) {
  const hash = createHash('sha256').update(body.bytes).digest('base64url')
  const etag = `"${hash.slice(0, 22)}"`
  const tagged = { ...headers, ETag: etag }
  return (call: Pick<Call, 'header'>) =>
    hasTag(call.header('if-none-match'), etag)
      ? ({ status: 304, body: undefined, headers: tagged } as const)
      : ({ status: 200, body, headers: tagged } as const)
}

/** RFC 9110 §13.1.2: any of a list, weak or not. */
function hasTag(given: string | undefined, etag: string): boolean {
  const tags = given?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? []
  return tags.includes(etag) || tags.includes('*')
}
