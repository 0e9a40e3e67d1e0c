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

const text = (byDefault: string): Variable<string> => ({
  default: byDefault,
  parse: (value) => value,
  expected: 'a text',
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
  AUTH_HOST: text('127.0.0.1'),
  AUTH_PORT: integer(4000, 0, 65_535),
  BUSINESS_HOST: text('127.0.0.1'),
  BUSINESS_PORT: integer(4001, 0, 65_535),
  AUTH_URL: origin('http://127.0.0.1:4000'),
  BUSINESS_CLIENT_ID: clientId('business'),
  BUSINESS_CLIENT_SECRET: clientSecret(),
  SESSION_TTL_SECONDS: seconds(30, 1),
  SESSION_CAP_SECONDS: seconds(43_200, 1),
  SERVICE_TTL_SECONDS: seconds(300, 1),
  CLEANUP_INTERVAL_SECONDS: seconds(15, 1, 86_400),
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

type Values = {
  readonly [K in keyof typeof variables]: (typeof variables)[K] extends Variable<infer T>
    ? T | undefined
    : never
}

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
  const problems: string[] = []
  const entries = Object.entries(variables).map(([name, one]) => [
    name,
    readVariable(name, one, environment, problems),
  ])
  const values = Object.fromEntries(entries) as Values // each was parsed by its own declaration just above
  const config = assemble(values, problems)
  if (problems.length > 0 || config === undefined) throw new ConfigError(problems)
  return Object.freeze(config)
}

function readVariable(
  name: string,
  variable: Variable<unknown>,
  environment: Environment,
  problems: string[],
): unknown {
  const given = readGiven(name, variable, environment, problems)
  const value = given ?? variable.default
  if (value === undefined) return undefined
  const parsed = value === '' ? undefined : variable.parse(value)
  if (parsed === undefined) problems.push(`${name} must be ${variable.expected}.`)
  return parsed
}

function readGiven(
  name: string,
  { isSecret }: Variable<unknown>,
  environment: Environment,
  problems: string[],
): string | undefined {
  const direct = environment[name]
  const path = isSecret === undefined ? undefined : environment[`${name}_FILE`]
  if (path === undefined) return direct
  if (direct !== undefined)
    problems.push(`${name} and ${name}_FILE are both set; one of them must go.`)
  const content = readText(path)
  if (content === undefined) problems.push(`${name}_FILE must be the path of a readable file.`)
  return content?.replace(/\r?\n$/, '')
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Checks what concerns more than one variable. `undefined` where one of them was bad already. */
function assemble(values: Values, problems: string[]): Config | undefined {
  const isDemo = values.APP_ENV === 'demo'
  const secret = values.BUSINESS_CLIENT_SECRET ?? (isDemo ? demoClientSecret : undefined)
  if (values.APP_ENV === 'production' && (secret === undefined || secret === demoClientSecret)) {
    problems.push(
      'BUSINESS_CLIENT_SECRET must be set in production, and not to the well-known one of the demo.',
    )
  }
  if ((values.TLS_CERT_FILE === undefined) !== (values.TLS_KEY_FILE === undefined)) {
    problems.push('TLS_CERT_FILE and TLS_KEY_FILE must be set both or neither.')
  }
  if ((values.SESSION_CAP_SECONDS ?? 0) < (values.SESSION_TTL_SECONDS ?? 0)) {
    problems.push('SESSION_CAP_SECONDS must not be less than SESSION_TTL_SECONDS.')
  }
  if (problems.length > 0 || secret === undefined) return undefined
  const sound = values as { readonly [K in keyof Values]: NonNullable<Values[K]> } // no problem: all that have a default are there
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key } = values
  return {
    environment: sound.APP_ENV,
    auth: { host: sound.AUTH_HOST, port: sound.AUTH_PORT },
    business: { host: sound.BUSINESS_HOST, port: sound.BUSINESS_PORT },
    authUrl: sound.AUTH_URL,
    client: { id: sound.BUSINESS_CLIENT_ID, secret },
    lifetimes: {
      sessionTtlSeconds: sound.SESSION_TTL_SECONDS,
      sessionCapSeconds: sound.SESSION_CAP_SECONDS,
      serviceTtlSeconds: sound.SERVICE_TTL_SECONDS,
    },
    cleanupIntervalSeconds: sound.CLEANUP_INTERVAL_SECONDS,
    maxTokens: sound.MAX_TOKENS,
    stores: {
      tokens: sound.TOKEN_STORE,
      accounts: sound.ACCOUNT_STORE,
      content: sound.CONTENT_STORE,
    },
    tls: cert === undefined || key === undefined ? undefined : { cert, key },
    logLevel: sound.LOG_LEVEL,
    shutdown: {
      delaySeconds: sound.SHUTDOWN_DELAY_SECONDS,
      graceSeconds: sound.SHUTDOWN_GRACE_SECONDS,
    },
  }
}
