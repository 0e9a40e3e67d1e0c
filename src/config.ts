/**
 * The configuration: environment variables, each declared once with its default and its check. All problems are found
 * before any is reported, and no value is repeated in a problem, because it may be a secret in the wrong place.
 */
import { readFileSync } from 'node:fs'
import { type LogLevel, logLevels } from './log.ts'

export type Environment = Readonly<Record<string, string | undefined>>

interface Variable<T> {
  /** As it would be written in the environment; missing where there is no default. */
  readonly default?: string
  /** Whether it may also come as `NAME_FILE`, the path of a file that holds it. */
  readonly isSecret?: true
  /** The value, or `undefined` where the text is not of the expected form. */
  readonly parse: (text: string) => T | undefined
  /** Completes the sentence "NAME must be …". */
  readonly expected: string
}

/** Known to everyone, so only good for a demo. */
export const demoClientSecret = 'demo-client-secret-known-to-everyone'

const host = (byDefault: string): Variable<string> => ({
  default: byDefault,
  parse: (value) => (/^[\w.:%-]+$/.test(value) ? value : undefined),
  expected: 'a host name or an IP address',
})

const integer = (byDefault: number, least: number, most: number): Variable<number> => ({
  default: String(byDefault),
  parse: (value) =>
    /^\d{1,15}$/.test(value) && Number(value) >= least && Number(value) <= most
      ? Number(value)
      : undefined,
  expected: `a whole number from ${least} to ${most}`,
})

const choice = <const T extends string>(byDefault: T, choices: readonly T[]): Variable<T> => ({
  default: byDefault,
  parse: (value) => choices.find((one) => one === value),
  expected: `one of ${choices.join(', ')}`,
})

const origin = (byDefault: string): Variable<string> => ({
  default: byDefault,
  parse: (value) =>
    URL.canParse(value) && /^https?:\/\/[^/?#@]+\/?$/.test(value)
      ? new URL(value).origin
      : undefined,
  expected: 'an http or https address without path, query or credentials',
})

const store = (): Variable<string> => ({
  default: 'memory:',
  parse: (value) => (value === 'memory:' ? value : undefined),
  expected: 'memory: (there is no other store yet)',
})

const fileContent = (): Variable<string> => ({
  parse: (path) => readText(path),
  expected: 'the path of a readable file',
})

const clientId = (byDefault: string): Variable<string> => ({
  default: byDefault,
  parse: (value) => (/^[\w.-]{1,64}$/.test(value) ? value : undefined),
  expected: '1 to 64 letters, digits, dots, hyphens and underscores',
})

const clientSecret = (): Variable<string> => ({
  isSecret: true,
  parse: (value) => (/^[\x21-\x7e]{32,256}$/.test(value) ? value : undefined),
  expected: '32 to 256 printable ASCII characters without spaces',
})

const seconds = (byDefault: number, least: number, most = 31_536_000) =>
  integer(byDefault, least, most)

export const variables = {
  APP_ENV: choice('demo', ['demo', 'production']),
  AUTH_HOST: host('127.0.0.1'),
  AUTH_PORT: integer(4000, 0, 65_535),
  BUSINESS_HOST: host('127.0.0.1'),
  BUSINESS_PORT: integer(4001, 0, 65_535),
  AUTH_URL: origin('http://127.0.0.1:4000'),
  BUSINESS_CLIENT_ID: clientId('business'),
  BUSINESS_CLIENT_SECRET: clientSecret(),
  SESSION_TTL_SECONDS: seconds(30, 1),
  SESSION_CAP_SECONDS: seconds(43_200, 1),
  SERVICE_TTL_SECONDS: seconds(300, 1),
  CLEANUP_INTERVAL_SECONDS: seconds(15, 1, 86_400),
  /** At least one more than the places that are kept for service tokens. */
  MAX_TOKENS: integer(1_000_000, 1_001, 10_000_000),
  TOKEN_STORE: store(),
  ACCOUNT_STORE: store(),
  CONTENT_STORE: store(),
  TLS_CERT_FILE: fileContent(),
  TLS_KEY_FILE: fileContent(),
  LOG_LEVEL: choice<LogLevel>('info', logLevels),
  SHUTDOWN_DELAY_SECONDS: seconds(0, 0, 3_600),
  SHUTDOWN_GRACE_SECONDS: seconds(10, 1, 3_600),
}

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

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
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
