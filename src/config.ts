/**
 * From the environment to the configuration. All problems are found before any is reported, and no value is repeated in
 * a problem, because it may be a secret in the wrong place. What a program does not read is as if it were not set.
 */
import { checkTogether } from './config-checks.ts'
import type { Extension } from './config-extension.ts'
import { ConfigError, Problems } from './config-problems.ts'
import type { LogLevel } from './log.ts'
import type { MemoryUrl, PostgresUrl, RedisUrl, StoreUrl } from './store-url.ts'
import {
  demoClientSecret,
  type Program,
  readText,
  type ValuesOf,
  type Variable,
  type VariableTable,
} from './variable-kinds.ts'
import { type Name, type SoundValues, variables } from './variables.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** Frozen at every depth. */
export interface Config {
  readonly environment: 'demo' | 'production'
  readonly auth: { readonly host: string; readonly port: number }
  readonly business: { readonly host: string; readonly port: number }
  /** Origins of one scheme. */
  readonly authUrls: readonly [string, ...string[]]
  /** PEM: the only authorities that business trusts to know auth; `undefined` for those that Node knows. */
  readonly authCa: string | undefined
  /** What business shows auth. */
  readonly businessCertificate: Certificate | undefined
  readonly client: { readonly id: string; readonly secret: string }
  readonly lifetimes: {
    readonly sessionTtlSeconds: number
    readonly sessionCapSeconds: number
    readonly serviceTtlSeconds: number
  }
  readonly cleanupIntervalSeconds: number
  readonly maxTokens: number
  readonly stores: {
    readonly tokens: StoreUrl
    readonly accounts: MemoryUrl | PostgresUrl
    readonly content: MemoryUrl | PostgresUrl
    readonly events: MemoryUrl | RedisUrl
  }
  /** Whether business does by itself what workers do. */
  readonly worksInside: boolean
  readonly redisWaitReplicas: number
  readonly migration: {
    /** There for the program that migrates. */
    readonly url: PostgresUrl | undefined
    readonly hasUnloggedSessions: boolean
  }
  readonly newUserPassword: string | undefined
  readonly tls: ServerTls | undefined
  readonly trustedProxyHops: number
  /** Whose pages may read the answers of the servers. */
  readonly corsOrigins: readonly string[]
  readonly logLevel: LogLevel
  readonly shutdown: { readonly delaySeconds: number; readonly graceSeconds: number }
  /** What was read of each extension's variables, by the table that declares them. */
  readonly extensions: ReadonlyMap<VariableTable, ValuesOf<VariableTable>>
}

interface ServerTls extends Certificate {
  /** PEM: who may vouch for clients. Where it is set, auth asks for certificates. */
  readonly clientCa: string | undefined
}

/** What these programs need. Throws a `ConfigError` that names every problem. */
export function readConfig(
  environment: Environment,
  programs: readonly Program[],
  extensions: readonly Extension[] = [],
): Config {
  const problems = new Problems()
  const read = <T extends VariableTable>(table: T) =>
    readTable(table, { environment, programs }, problems)
  const values = read(variables)
  const isSet = (name: string) => isGiven(environment, name)
  checkTogether(
    { values, programs, isSet: (name: Name) => environment[name] !== undefined },
    problems,
  )
  const extended = new Map(extensions.map((one) => [one.variables, read(one.variables)]))
  for (const one of extensions) {
    const own = extended.get(one.variables) ?? {}
    one.check?.({ values: own, isSet, core: values, programs }, problems)
  }
  if (problems.sentences.length > 0) throw new ConfigError(problems.sentences)
  return freeze(assemble(values as SoundValues, extended)) // no problem was found
}

/** Directly, or as the path of a file. */
function isGiven(environment: Environment, name: string): boolean {
  return environment[name] !== undefined || environment[`${name}_FILE`] !== undefined
}

function readTable<T extends VariableTable>(
  table: T,
  { environment, programs }: { environment: Environment; programs: readonly Program[] },
  problems: Problems,
): ValuesOf<T> {
  const entries = Object.entries(table).map(([name, variable]) => {
    const isRead = variable.readers.some((reader) => programs.includes(reader))
    return [name, readVariable(name, variable, isRead ? environment : {}, problems)]
  })
  return Object.fromEntries(entries) as ValuesOf<T> // each was parsed by its own declaration just above
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

function assemble(values: SoundValues, extensions: Config['extensions']): Config {
  const certificate = pair(values.TLS_CERT_FILE, values.TLS_KEY_FILE)
  return {
    environment: values.APP_ENV,
    auth: { host: values.AUTH_HOST, port: values.AUTH_PORT },
    business: { host: values.BUSINESS_HOST, port: values.BUSINESS_PORT },
    authUrls: values.AUTH_URL,
    authCa: values.AUTH_CA_FILE,
    businessCertificate: pair(values.BUSINESS_TLS_CERT_FILE, values.BUSINESS_TLS_KEY_FILE),
    client: {
      id: values.BUSINESS_CLIENT_ID,
      secret: values.BUSINESS_CLIENT_SECRET ?? demoClientSecret, // in production it is there
    },
    lifetimes: {
      sessionTtlSeconds: values.SESSION_TTL_SECONDS,
      sessionCapSeconds: values.SESSION_CAP_SECONDS,
      serviceTtlSeconds: values.SERVICE_TTL_SECONDS,
    },
    cleanupIntervalSeconds: values.CLEANUP_INTERVAL_SECONDS,
    maxTokens: values.MAX_TOKENS,
    stores: {
      tokens: values.TOKEN_STORE,
      accounts: values.ACCOUNT_STORE,
      content: values.CONTENT_STORE,
      events: values.EVENTS,
    },
    worksInside: values.WORKERS === 'inside',
    redisWaitReplicas: values.REDIS_WAIT_REPLICAS,
    migration: {
      url: values.MIGRATE_DATABASE_URL,
      hasUnloggedSessions: values.POSTGRES_UNLOGGED_SESSIONS,
    },
    newUserPassword: values.NEW_USER_PASSWORD,
    tls: certificate && { ...certificate, clientCa: values.MTLS_CLIENT_CA_FILE },
    trustedProxyHops: values.TRUSTED_PROXY_HOPS,
    corsOrigins: values.CORS_ORIGINS ?? [],
    logLevel: values.LOG_LEVEL,
    shutdown: {
      delaySeconds: values.SHUTDOWN_DELAY_SECONDS,
      graceSeconds: values.SHUTDOWN_GRACE_SECONDS,
    },
    extensions,
  }
}

function pair(cert: string | undefined, key: string | undefined): Certificate | undefined {
  return cert === undefined || key === undefined ? undefined : { cert, key }
}

function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) freeze(part)
  }
  return Object.freeze(value)
}
