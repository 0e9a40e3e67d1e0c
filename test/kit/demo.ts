/** What a client of the real servers does, as the user and the program that everybody knows. */
import { demoUser } from '../../src/auth/demo.ts'
import { demoClientSecret } from '../../src/variable-kinds.ts'
import { logIn, serviceTokenOf } from './servers.ts'
import { recordSecret } from './used-secrets.ts'

export const demoCredentials = { username: demoUser.username, password: demoUser.password }
export const demoClient = { id: 'business', secret: demoClientSecret }

/** Has the shape of a session token and was never issued. */
export const unknownToken = `sp_s_${'a'.repeat(12)}_${'b'.repeat(43)}`

export function logInDemo(authUrl: string): Promise<string> {
  return logIn(authUrl, demoCredentials)
}

export function demoServiceToken(authUrl: string): Promise<string> {
  return serviceTokenOf(authUrl, demoClient)
}

export function postLogin(
  authUrl: string,
  credentials: Readonly<Record<string, unknown>> = demoCredentials,
  init: RequestInit = {},
): Promise<Response> {
  recordSecret(credentials.password)
  return postJson(`${authUrl}/login`, credentials, init)
}

export function postLogout(authUrl: string, token: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` }
  return fetch(`${authUrl}/logout`, { method: 'POST', headers })
}

/** `POST /validateToken` with any credential, asking about whatever `body` says. */
export function postValidation(
  authUrl: string,
  authorization: string | undefined,
  body: unknown,
): Promise<Response> {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
  return postJson(`${authUrl}/validateToken`, body, { headers })
}

function postJson(url: string, body: unknown, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers)
  headers.set('content-type', 'application/json')
  return fetch(url, { ...init, method: 'POST', headers, body: JSON.stringify(body) })
}

/** The parts of a refusal that a test compares. */
export async function refusalIn(response: Response) {
  const body: unknown = await response.json()
  return {
    status: response.status,
    code: typeof body === 'object' && body !== null ? Reflect.get(body, 'error') : undefined,
    challenge: response.headers.get('www-authenticate'),
  }
}

export interface Data {
  readonly greeting: string
  readonly expires_in: number
  readonly cap_in: number
  readonly refresh_count: number
}

/** The data in an answer of `/data`; fails where it is none. */
export async function dataIn(response: Response): Promise<Data> {
  const text = await response.text()
  if (response.status !== 200) throw new Error(`/data answered ${response.status}: ${text}`)
  return (JSON.parse(text) as { data: Data }).data // the shape is held by the tests of the endpoint
}
