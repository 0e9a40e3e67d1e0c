/**
 * Every way in which the servers say no: the closed list of codes, and the error that carries one.
 *
 * The client reads `code` and `description`; the log reads `cause`. The two never mix: a description is written for
 * strangers, and what only the operator may know travels as the cause.
 */
import { object, type TypeOf, text } from './shape.ts'

const basic = 'Basic realm="sallyport", charset="UTF-8"'
const bearer = 'Bearer realm="sallyport"'

export const refusals = {
  /** RFC 6749 §5.2, RFC 6750 §3.1: malformed, missing, doubled or over-long. */
  invalid_request: { status: 400 },
  /** RFC 6749 §5.2: what was given to be redeemed is unknown, used or no longer alive. */
  invalid_grant: { status: 400 },
  /** RFC 6749 §5.2. */
  invalid_scope: { status: 400 },
  /** RFC 6749 §5.2. */
  unsupported_grant_type: { status: 400 },
  /** The login failed, for whichever reason. RFC 9110 §11.6.1 wants the challenge, RFC 7617 writes it. */
  invalid_credentials: { status: 401, challenge: basic },
  /** RFC 6749 §5.2: the client is unknown or its secret is wrong. */
  invalid_client: { status: 401, challenge: basic },
  /** RFC 6750 §3: a request without a token gets a challenge without an error code. */
  missing_token: { status: 401, challenge: bearer },
  /** RFC 6750 §3.1: unknown, expired, revoked or misshapen. */
  invalid_token: { status: 401, challenge: `${bearer}, error="invalid_token"` },
  /** RFC 6750 §3.1: a good token that may not do this. */
  insufficient_scope: { status: 403, challenge: `${bearer}, error="insufficient_scope"` },
  /** RFC 9110 §15.5.5. */
  not_found: { status: 404 },
  /** RFC 9110 §15.5.6: comes with `Allow`. */
  method_not_allowed: { status: 405 },
  /** RFC 9110 §15.5.9: the request did not arrive in time. */
  request_timeout: { status: 408 },
  /** RFC 9110 §15.5.10: what is there already stands against it. */
  conflict: { status: 409 },
  /** RFC 9110 §15.5.11: it was there, and is no more. */
  gone: { status: 410 },
  /** RFC 9110 §15.5.14. */
  content_too_large: { status: 413 },
  /** RFC 9110 §15.5.16. */
  unsupported_media_type: { status: 415 },
  /** RFC 6585 §4: comes with `Retry-After`. */
  too_many_requests: { status: 429 },
  /** RFC 6585 §5. */
  headers_too_large: { status: 431 },
  /** RFC 6749 §4.1.2.1 gives the word: a fault of ours, told to the log and not to the client. */
  server_error: { status: 500 },
  /** RFC 6749 §4.1.2.1 gives the word: something is full or cannot be reached. Comes with `Retry-After`. */
  temporarily_unavailable: { status: 503 },
} as const satisfies Record<string, { status: number; challenge?: string }>

export type RefusalCode = keyof typeof refusals

export interface RefusalOptions extends ErrorOptions {
  /** Headers that this refusal needs beside the challenge of its code. */
  readonly headers?: Readonly<Record<string, string>>
}

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly headers: Readonly<Record<string, string>>

  /** `description` is sent to the client: it names no secret and repeats nothing that the client sent. */
  constructor(
    code: RefusalCode,
    description: string,
    { headers = {}, ...options }: RefusalOptions = {},
  ) {
    super(description, options)
    this.code = code
    this.headers = headers
  }

  get status(): number {
    return refusals[this.code].status
  }

  get challenge(): string | undefined {
    const refusal: { status: number; challenge?: string } = refusals[this.code]
    return refusal.challenge
  }
}

/** 503 with `Retry-After`, RFC 9110 §10.2.3. */
export function unavailable(
  description: string,
  { retryAfterSeconds = 1, ...options }: ErrorOptions & { retryAfterSeconds?: number } = {},
): Refusal {
  const headers = { 'Retry-After': String(retryAfterSeconds) }
  return new Refusal('temporarily_unavailable', description, { ...options, headers })
}

/** The one shape of all errors. */
export const errorAnswer = object({ error: text(), error_description: text(), request_id: text() })

export function errorBody(
  { code, message }: Refusal,
  requestId: string,
): TypeOf<typeof errorAnswer> {
  return { error: code, error_description: message, request_id: requestId }
}
