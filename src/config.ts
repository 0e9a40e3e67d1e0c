/**
 * From the environment to the configuration. All problems are found before any is reported, and no value is repeated in
 * a problem, because it may be a secret in the wrong place.
 */
import type { LogLevel } from './log.ts'
import { demoClientSecret, readText, type Variable, variables } from './variables.ts'

export type Environment = Readonly<Record<string, string | undefined>>

type ValueOf<K extends keyof typeof variables> =
  (typeof variables)[K] extends Variable<infer T> ? T : never

/** What was read. Where there was a problem, the value is missing. */
type Values = { readonly [K in keyof typeof variables]: ValueOf<K> | undefined }

type Optional = 'BUSINESS_CLIENT_SECRET' | 'TLS_CERT_FILE' | 'TLS_KEY_FILE'

/** What was read without a problem: all but the variables that have no default are there. */
type SoundValues = { readonly [K in Exclude<keyof Values, Optional>]: ValueOf<K> } & Pick<
  Values,
  Optional
>

export interface Config {
  readonly environment: 'demo' | 'production'
  readonly auth: { readonly host: string; readonly port: number }
  readonly business: { readonly host: string; readonly port: number }
  readonly authUrl: string
  readonly client: { readonly id: string; readonly secret: string }
  readonly lifetimes: {
    readonly sessionTtlSeconds: number
    readonly sessionCapSeconds: number
    readonly serviceTtlSeconds: number
  }
  readonly cleanupIntervalSeconds: number
  readonly maxTokens: number
  readonly stores: { readonly tokens: string; readonly accounts: string; readonly content: string }
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  readonly logLevel: LogLevel
  readonly shutdown: { readonly delaySeconds: number; readonly graceSeconds: number }
}

/** All that is wrong with an environment, a sentence each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** Throws a `ConfigError` that names every problem. */
export function readConfig(environment: Environment): Config {
  const problems = new Problems()
  const entries = Object.entries(variables).map(([name, variable]) => [
    name,
    readVariable(name, variable, environment, problems),
  ])
  const values = Object.fromEntries(entries) as Values // each was parsed by its own declaration just above
  checkTogether(values, problems)
  if (problems.sentences.length > 0) throw new ConfigError(problems.sentences)
  return assemble(values as SoundValues) // no problem was found
}

/** What is wrong so far, and with which variables, so that one mistake is one sentence. */
class Problems {
  readonly sentences: string[] = []
  readonly #names = new Set<string>()

  add(sentence: string, ...names: readonly string[]): void {
    if (names.some((name) => this.#names.has(name))) return
    for (const name of names) this.#names.add(name)
    this.sentences.push(sentence)
  }
}

function readVariable(
  name: string,
  variable: Variable<unknown>,
  environment: Environment,
  problems: Problems,
): unknown {
  const value = readGiven(name, variable, environment, problems) ?? variable.default
  if (value === undefined) return undefined
  const parsed = value === '' ? undefined : variable.parse(value)
  if (parsed === undefined) problems.add(`${name} must be ${variable.expected}.`, name)
  return parsed
}

function readGiven(
  name: string,
  { isSecret }: Variable<unknown>,
  environment: Environment,
  problems: Problems,
): string | undefined {
  const direct = environment[name]
  const path = isSecret === undefined ? undefined : environment[`${name}_FILE`]
  if (path === undefined) return direct
  if (direct !== undefined) {
    problems.add(`${name} and ${name}_FILE are both set; one of them must go.`, name)
  }
  const content = readText(path)
  if (content === undefined) {
    problems.add(`${name}_FILE must be the path of a readable file.`, name)
  }
  return content?.replace(/\r?\n$/, '')
}

/** Checks what concerns more than one variable. */
function checkTogether(values: Values, problems: Problems): void {
  const secret = values.BUSINESS_CLIENT_SECRET
  if (values.APP_ENV === 'production' && (secret === undefined || secret === demoClientSecret)) {
    problems.add(
      'BUSINESS_CLIENT_SECRET must be set in production, and not to the well-known one of the demo.',
      'BUSINESS_CLIENT_SECRET',
    )
  }
  if (values.APP_ENV === 'demo') {
    for (const name of ['AUTH_HOST', 'BUSINESS_HOST'] as const) {
      if (isLoopback(values[name] ?? 'localhost')) continue
      problems.add(
        `${name} must be a loopback address in the demo: everybody knows its secrets.`,
        name,
      )
    }
  }
  if ((values.TLS_CERT_FILE === undefined) !== (values.TLS_KEY_FILE === undefined)) {
    const names = ['TLS_CERT_FILE', 'TLS_KEY_FILE']
    problems.add('TLS_CERT_FILE and TLS_KEY_FILE must be set both or neither.', ...names)
  }
  if ((values.SESSION_CAP_SECONDS ?? 0) < (values.SESSION_TTL_SECONDS ?? 0)) {
    const names = ['SESSION_CAP_SECONDS', 'SESSION_TTL_SECONDS']
    problems.add('SESSION_CAP_SECONDS must not be less than SESSION_TTL_SECONDS.', ...names)
  }
}

function isLoopback(address: string): boolean {
  return /^(127(\.\d{1,3}){3}|::1|localhost)$/i.test(address)
}

function assemble(values: SoundValues): Config {
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key } = values
  return Object.freeze({
    environment: values.APP_ENV,
    auth: Object.freeze({ host: values.AUTH_HOST, port: values.AUTH_PORT }),
    business: Object.freeze({ host: values.BUSINESS_HOST, port: values.BUSINESS_PORT }),
    authUrl: values.AUTH_URL,
    client: Object.freeze({
      id: values.BUSINESS_CLIENT_ID,
      secret: values.BUSINESS_CLIENT_SECRET ?? demoClientSecret, // in production it is there
    }),
    lifetimes: Object.freeze({
      sessionTtlSeconds: values.SESSION_TTL_SECONDS,
      sessionCapSeconds: values.SESSION_CAP_SECONDS,
      serviceTtlSeconds: values.SERVICE_TTL_SECONDS,
    }),
    cleanupIntervalSeconds: values.CLEANUP_INTERVAL_SECONDS,
    maxTokens: values.MAX_TOKENS,
    stores: Object.freeze({
      tokens: values.TOKEN_STORE,
      accounts: values.ACCOUNT_STORE,
      content: values.CONTENT_STORE,
    }),
    tls: cert === undefined || key === undefined ? undefined : Object.freeze({ cert, key }),
    logLevel: values.LOG_LEVEL,
    shutdown: Object.freeze({
      delaySeconds: values.SHUTDOWN_DELAY_SECONDS,
      graceSeconds: values.SHUTDOWN_GRACE_SECONDS,
    }),
  })
}
