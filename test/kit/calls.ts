/** Calls as an act gets them, without a server. */
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { type BodyDeclaration, Call } from '../../src/http/endpoint.ts'

export interface RequestParts {
  /** Name and value in turn, as they came over the wire. */
  readonly rawHeaders?: readonly string[]
  readonly body?: Buffer | string
}

/** A request that has arrived whole. */
export function requestOf({ rawHeaders = [], body = '' }: RequestParts): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  request.rawHeaders = [...rawHeaders]
  if (body.length > 0) request.push(body)
  request.push(null)
  request.complete = true
  return request
}

export function callOf<B>(parts: RequestParts, declaration?: BodyDeclaration<B>): Call<B> {
  const body = declaration === undefined ? {} : { body: declaration }
  const endpoint = { summary: 'Read a body', access: 'anybody', ...body, answers: {} } as const
  const context = { now: Date.now, trustedProxyHops: 0, whenStopping: () => () => {} }
  return new Call(requestOf(parts), 'test-request', { endpoint, params: {} }, context)
}
