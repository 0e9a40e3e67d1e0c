/** The servers as they are shipped, the bare one beside them, and what a client needs to call them. */
import { fileURLToPath } from 'node:url'
import { demoUser } from '../../src/auth/demo.ts'
import { demoClientSecret } from '../../src/variable-kinds.ts'
import { variables } from '../../src/variables.ts'
import { runCommand, type Server, startServer } from './processes.ts'

/** So that no token dies in a scenario, though all of them are one user's. */
const settings = {
  SESSION_TTL_SECONDS: '3600',
  SERVICE_TTL_SECONDS: '3600',
  MAX_SESSIONS_PER_USER: '1000',
}

export const credentials = { username: demoUser.username, password: demoUser.password }

export function startBare(core: number): Promise<Server> {
  return startServer(pathOf('programs/bare-server.mjs'), { core })
}

/** `stores` says where it keeps what, if not in memory. */
export function startAuth(
  core: number,
  stores: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const environment = { AUTH_PORT: '0', ...settings, ...stores }
  return startServer(pathOf('../../dist/auth/main.js'), { core, environment })
}

/** `others` are further variables. */
export function startBusiness(
  core: number,
  auth: Server,
  others: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const environment = { BUSINESS_PORT: '0', AUTH_URL: auth.url, ...others }
  return startServer(pathOf('../../dist/business/main.js'), { core, environment })
}

/** Runs one of the programs in `programs/` with its options, and answers what it found. */
export async function runProgram(
  name: string,
  options: object,
  process_: { core: number; limitSeconds: number; flags?: readonly string[] },
): Promise<unknown> {
  const { flags = [], ...rest } = process_
  const script = pathOf(`programs/${name}.mjs`)
  return JSON.parse(
    await runCommand(process.execPath, [...flags, script, JSON.stringify(options)], rest),
  )
}

/** Logs in so many times, one after the other. */
export async function logIn(auth: Server, count: number): Promise<readonly string[]> {
  const tokens: string[] = []
  const headers = { 'content-type': 'application/json' }
  while (tokens.length < count) {
    const { token } = await post(`${auth.url}/login`, headers, JSON.stringify(credentials))
    tokens.push(String(token))
  }
  return tokens
}

/** Logs in so many times for JWTs, one after the other. Each is good for five minutes. */
export async function logInForJwts(auth: Server, count: number): Promise<readonly string[]> {
  const tokens: string[] = []
  const headers = { 'content-type': 'application/json' }
  while (tokens.length < count) {
    const answer = await post(`${auth.url}/login/jwt`, headers, JSON.stringify(credentials))
    tokens.push(String(answer.access_token))
  }
  return tokens
}

export async function fetchServiceToken(auth: Server): Promise<string> {
  const pair = `${variables.BUSINESS_CLIENT_ID.default}:${demoClientSecret}`
  const headers = {
    authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  }
  const { access_token } = await post(`${auth.url}/token`, headers, 'grant_type=client_credentials')
  return String(access_token)
}

async function post(url: string, headers: Record<string, string>, body: string) {
  const response = await fetch(url, { method: 'POST', headers, body })
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`)
  return (await response.json()) as Record<string, unknown> // every answer of ours is an object
}

export function pathOf(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}
