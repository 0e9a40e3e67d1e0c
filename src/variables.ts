/** The environment variables: each declared once, with its default and its check. */
import { readFileSync } from 'node:fs'
import { type LogLevel, logLevels } from './log.ts'

export interface Variable<T> {
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

/** The content of a file; `undefined` where it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
