/** The servers inside the test's own process, on real sockets, with parts that the test can see and replace. */
import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { type Capability, type Core, extensionsOf } from '../../src/auth/capability.ts'
import { configuredClients } from '../../src/auth/clients.ts'
import { assembleCore } from '../../src/auth/core.ts'
import { authRoutes } from '../../src/auth/routes.ts'
import { createAskAuth } from '../../src/business/ask-auth.ts'
import { createAuthAddresses } from '../../src/business/auth-addresses.ts'
import type { BusinessCapability, BusinessCore } from '../../src/business/capability.ts'
import { assembleBusiness } from '../../src/business/core.ts'
import { businessRoutes } from '../../src/business/routes.ts'
import { createServiceToken } from '../../src/business/service-token.ts'
import { createValidator } from '../../src/business/validator.ts'
import { type Clock, systemClock } from '../../src/clock.ts'
import { type Environment, readConfig } from '../../src/config.ts'
import { createReadiness } from '../../src/http/health.ts'
import type { Route } from '../../src/http/router.ts'
import { type RunningServer, serve, type Tls } from '../../src/http/server.ts'
import { createPasswords } from '../../src/passwords/passwords.ts'
import { deriveByScrypt, type ScryptParameters } from '../../src/passwords/phc.ts'
import { createQueue } from '../../src/passwords/queue.ts'
import type { ContentBacking, EventBacking } from '../../src/storage/backing.ts'
import { memoryTokenStore } from '../../src/storage/memory/tokens.ts'
import { memoryUserTable } from '../../src/storage/memory/user-table.ts'
import { memoryUserStore } from '../../src/storage/memory/users.ts'
import type { User } from '../../src/storage/ports.ts'
import { corePurposes } from '../../src/tokens/purposes.ts'
import { validateScope } from '../../src/validation.ts'
import { holdToDocument } from './declared-answers.ts'
import { type RecordedLog, recordedLog } from './log.ts'
import { recordSecret } from './used-secrets.ts'

/** Cheap, so that tests of everything but the hashing are fast. */
export const cheapParameters: ScryptParameters = { ln: 4, r: 8, p: 1 }

export const testClient = { id: 'business', secret: 'a-secret-for-tests-of-32-characters-or-more' }
export const testPurposes = corePurposes({
  sessionTtlSeconds: 30,
  sessionCapSeconds: 43_200,
  serviceTtlSeconds: 300,
})

export interface ServeOptions {
  readonly log?: RecordedLog
  readonly clock?: Clock
  /** Default: plain HTTP. */
  readonly tls?: Tls
  /** Default: none. */
  readonly trustedProxyHops?: number
  /** Default: none. */
  readonly corsOrigins?: readonly string[]
}

/** Serves routes on a free port until the test ends. */
export async function serveRoutes(
  t: TestContext,
  routes: readonly Route[],
  options: ServeOptions = {},
): Promise<RunningServer> {
  const { log = recordedLog(), clock = systemClock, tls } = options
  const { trustedProxyHops = 0, corsOrigins = [] } = options
  const listen = { host: '127.0.0.1', port: 0, tls, trustedProxyHops, corsOrigins }
  const server = await serve(listen, { routes, log, clock })
  t.after(() => server.drain({ delaySeconds: 0, graceSeconds: 0 }))
  return server
}

export interface TestAuthOptions
  extends ServeOptions,
    Partial<
      Pick<Core, 'tokens' | 'tokenBacking' | 'users' | 'accountBacking' | 'passwords' | 'clients'>
    > {
  /** Default: none, the core alone. */
  readonly capabilities?: readonly Capability[]
  /** What the variables of those are set to. */
  readonly environment?: Environment
}

/** auth with a user `user@example.com` whose password is `correct horse`, and the client `testClient`. */
export async function startTestAuth(t: TestContext, options: TestAuthOptions = {}) {
  const { log = recordedLog(), clock = systemClock } = options
  const tokens =
    options.tokens ?? memoryTokenStore({ now: clock.now, maxTokens: 10_000, reservedPlaces: 1_000 })
  const table = memoryUserTable()
  const users = options.users ?? memoryUserStore(table)
  const queue = createQueue({ concurrency: 2, maxWaiting: 100 })
  const passwords =
    options.passwords ??
    createPasswords({ parameters: cheapParameters, queue, deriveKey: deriveByScrypt })
  const clients = options.clients ?? configuredClients([{ ...testClient, scopes: [validateScope] }])
  const passwordHash = await passwords.hash('correct horse')
  const user: User = {
    id: randomUUID(),
    username: 'user@example.com',
    name: 'Test User',
    passwordHash,
    isDisabled: false,
  }
  await users.create(user)
  const readiness = createReadiness({
    probes: { token_store: () => tokens.ping() },
    log,
    clock,
    deadlineMilliseconds: 1_000,
  })
  await readiness.probe()
  const { tokenBacking = { kind: 'memory' } } = options
  const { accountBacking = { kind: 'memory', users: table } } = options
  const { core, additions } = assembleCore({
    environment: 'demo',
    tokens,
    tokenBacking,
    users,
    accountBacking,
    clients,
    passwords,
    purposes: testPurposes,
    requiresCertificate: options.tls?.clientCa !== undefined,
    log,
    clock,
    release: (releaser) => t.after(async () => void (await releaser())),
  })
  const { capabilities = [], environment = {} } = options
  const config = readConfig(environment, ['auth'], extensionsOf(capabilities))
  for (const one of capabilities) additions.push(await one.register(core, config))
  for (const startJob of additions.flatMap(({ jobs = [] }) => jobs)) core.release(startJob())
  const routes = authRoutes({ ...core, readiness, additions, version: 'test' })
  // The clock that a test moves is that of the tokens: a leap of it must not end the connections.
  const server = await serveRoutes(t, routes, { ...options, log, clock: systemClock })
  const { url } = server
  holdToDocument(url, routes)
  return { server, url, tokens, users, passwords, user, log, readiness, core, additions }
}

export interface TestBusinessOptions extends ServeOptions {
  readonly authUrl: string
  /** More auths than that one. */
  readonly otherAuthUrls?: readonly string[]
  /** Default: 8,192. */
  readonly maxWaiting?: number
  /** Default: 1,000. */
  readonly deadlineMilliseconds?: number
  /** Default: 4 MiB. */
  readonly maxAnswerBytes?: number
  /** Default: none, the core alone. */
  readonly capabilities?: readonly BusinessCapability[]
  /** What the variables of those are set to. */
  readonly environment?: Environment
  /** Default: memory. */
  readonly content?: ContentBacking
  readonly eventBacking?: EventBacking
}

export async function startTestBusiness(t: TestContext, options: TestBusinessOptions) {
  const { authUrl, log = recordedLog(), clock = systemClock, maxWaiting = 8_192 } = options
  const { deadlineMilliseconds = 1_000, maxAnswerBytes = 4 * 1024 * 1024 } = options
  const urls = [authUrl, ...(options.otherAuthUrls ?? [])] as const
  const limits = { deadlineMilliseconds, maxAnswerBytes }
  const addresses = createAuthAddresses({ urls, clock, log, ...limits })
  t.after(() => addresses.stop())
  const connect: BusinessCore['connect'] = (options) => {
    const connection = addresses.connect(options)
    t.after(() => connection.close())
    return connection
  }
  const connection = connect()
  const serviceTokenOf = (scope: string) =>
    createServiceToken({ connection: connect(), client: testClient, scope, now: clock.now })
  const serviceToken = serviceTokenOf(validateScope)
  const askAuth = createAskAuth({ connection, serviceToken })
  const { capabilities = [], environment = {} } = options
  const extensions = capabilities.map(({ extension }) => extension)
  const config = readConfig(environment, ['business'], extensions)
  const { core, additions, validate } = assembleBusiness({
    environment: config.environment,
    validate: createValidator({ askAuth, maxWaiting }),
    connect,
    serviceToken: serviceTokenOf,
    content: options.content ?? { kind: 'memory' },
    eventBacking: options.eventBacking ?? { kind: 'memory' },
    clock,
    log,
  })
  for (const one of capabilities) additions.push(await one.register(core, config))
  for (const { prepare } of additions) await prepare?.()
  const jobs = additions.flatMap(({ jobs = [], work = [] }) => [...jobs, ...work])
  for (const job of jobs) t.after(job())
  const probes = Object.assign({ auth: () => askAuth([]) }, ...additions.map((one) => one.probes))
  const readiness = createReadiness({ probes, log, clock, deadlineMilliseconds: 2_000 })
  const routes = businessRoutes({ validate: validate(), readiness, additions, version: 'test' })
  const server = await serveRoutes(t, routes, { log, clock })
  holdToDocument(server.url, routes)
  return { server, url: server.url, log, readiness, serviceToken, additions }
}

/** Logs the test user in. */
export async function logIn(
  authUrl: string,
  credentials = { username: 'user@example.com', password: 'correct horse' },
): Promise<string> {
  recordSecret(credentials.password)
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${authUrl}/login`, {
    method: 'POST',
    headers,
    body: JSON.stringify(credentials),
  })
  if (response.status !== 200)
    throw new Error(`login answered ${response.status}: ${await response.text()}`)
  return recordSecret(((await response.json()) as { token: string }).token)
}

/** A service token for `testClient`, or for the client that is given. */
export async function serviceTokenOf(
  authUrl: string,
  { id, secret } = testClient,
): Promise<string> {
  recordSecret(secret)
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
  const response = await fetch(`${authUrl}/token`, {
    method: 'POST',
    headers,
    body: 'grant_type=client_credentials',
  })
  if (response.status !== 200)
    throw new Error(`token answered ${response.status}: ${await response.text()}`)
  return recordSecret(((await response.json()) as { access_token: string }).access_token)
}

/** `GET /data` with a token. */
export function getData(businessUrl: string, token: string): Promise<Response> {
  return fetch(`${businessUrl}/data`, { headers: { authorization: `Bearer ${token}` } })
}
