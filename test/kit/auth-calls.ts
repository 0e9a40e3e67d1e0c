/** Requests to auth as a plain client writes them, and what came back, read once. */
import { type BearerToken, isTokenShape } from '../../src/tokens/token.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The body as JSON; an empty object where there is no body. */
  readonly body: Readonly<Record<string, unknown>>
}

export interface PostOptions {
  readonly authorization?: string
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as a form, as it stands. */
  readonly form?: string
}

export async function post(url: string, options: PostOptions = {}): Promise<Answer> {
  const { authorization, json, form } = options
  const headers = new Headers()
  if (authorization !== undefined) headers.set('authorization', authorization)
  if (json !== undefined) headers.set('content-type', 'application/json')
  if (form !== undefined) headers.set('content-type', 'application/x-www-form-urlencoded')
  const body = json === undefined ? (form ?? null) : JSON.stringify(json)
  return await readAnswer(await fetch(url, { method: 'POST', headers, body }))
}

export interface Sent {
  readonly token?: string
  readonly json?: unknown
}

export async function callAt(url: string, method: string, { token, json }: Sent): Promise<Answer> {
  const headers = new Headers()
  if (token !== undefined) headers.set('authorization', bearer(token))
  if (json !== undefined) headers.set('content-type', 'application/json')
  const body = json === undefined ? null : JSON.stringify(json)
  return await readAnswer(await fetch(url, { method, headers, body }))
}

export async function readAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response
  const text = await response.text()
  const body = text === '' ? {} : (JSON.parse(text) as Answer['body']) // every body of ours is an object
  return { status, headers, body }
}

export function basic(userId: string, password: string): string {
  return `Basic ${Buffer.from(`${userId}:${password}`).toString('base64')}`
}

export function bearer(token: string): string {
  return `Bearer ${token}`
}

/** A value that must be one of our tokens. */
export function asToken(value: unknown): BearerToken {
  if (!isTokenShape(value)) throw new TypeError('this is no token')
  return value
}
