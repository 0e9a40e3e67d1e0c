/** The environment variables: each declared once, with its default, its check, and the programs that read it. */
import { type LogLevel, logLevels } from './log.ts'
import {
  authorities,
  browserOrigins,
  choice,
  clientId,
  clientSecret,
  fileContent,
  flag,
  host,
  inMemory,
  integer,
  origins,
  password,
  readBy,
  type SoundValuesOf,
  seconds,
  store,
  type ValuesOf,
} from './variable-kinds.ts'

const all = readBy('auth', 'business', 'worker', 'migrate', 'createUser')
const servers = readBy('auth', 'business')
const auth = readBy('auth')
const business = readBy('business')
const businessWork = readBy('business', 'worker')
const migrate = readBy('migrate')
const createUser = readBy('createUser')
const accounts = readBy('auth', 'createUser')

export const variables = {
  APP_ENV: all(choice('demo', ['demo', 'production'])),
  AUTH_HOST: auth(host('127.0.0.1')),
  AUTH_PORT: auth(integer(4000, 0, 65_535)),
  BUSINESS_HOST: business(host('127.0.0.1')),
  BUSINESS_PORT: business(integer(4001, 0, 65_535)),
  AUTH_URL: business(origins('http://127.0.0.1:4000')),
  BUSINESS_CLIENT_ID: servers(clientId('business')),
  BUSINESS_CLIENT_SECRET: servers(clientSecret()),
  SESSION_TTL_SECONDS: auth(seconds(30, 1)),
  SESSION_CAP_SECONDS: auth(seconds(43_200, 1)),
  SERVICE_TTL_SECONDS: auth(seconds(300, 1)),
  CLEANUP_INTERVAL_SECONDS: auth(seconds(15, 1, 86_400)),
  /** At least one more than the places that are kept for service tokens. */
  MAX_TOKENS: auth(integer(1_000_000, 1_001, 10_000_000)),
  TOKEN_STORE: auth(
    inMemory(
      store(['memory', 'redis', 'postgres'], 'memory: or the URL of a Redis or of a Postgres'),
    ),
  ),
  ACCOUNT_STORE: accounts(
    inMemory(store(['memory', 'postgres'], 'memory: or the URL of a Postgres')),
  ),
  CONTENT_STORE: businessWork(
    inMemory(store(['memory', 'postgres'], 'memory: or the URL of a Postgres')),
  ),
  EVENTS: businessWork(inMemory(store(['memory', 'redis'], 'memory: or the URL of a Redis'))),
  WORKERS: business(choice('inside', ['inside', 'apart'])),
  REDIS_WAIT_REPLICAS: auth(integer(0, 0, 10)),
  POSTGRES_UNLOGGED_SESSIONS: migrate(flag(false)),
  MIGRATE_DATABASE_URL: migrate(store(['postgres'], 'the URL of a Postgres')),
  NEW_USER_PASSWORD: createUser(password()),
  TLS_CERT_FILE: servers(fileContent()),
  TLS_KEY_FILE: servers(fileContent()),
  TRUSTED_PROXY_HOPS: servers(integer(0, 0, 10)),
  CORS_ORIGINS: servers(browserOrigins()),
  MTLS_CLIENT_CA_FILE: auth(authorities()),
  AUTH_CA_FILE: business(authorities()),
  BUSINESS_TLS_CERT_FILE: business(fileContent()),
  BUSINESS_TLS_KEY_FILE: business(fileContent()),
  LOG_LEVEL: all(choice<LogLevel>('info', logLevels)),
  SHUTDOWN_DELAY_SECONDS: servers(seconds(0, 0, 3_600)),
  SHUTDOWN_GRACE_SECONDS: servers(seconds(10, 1, 3_600)),
}

export type Name = keyof typeof variables

/** What was read. Where there was a problem, the value is missing. */
export type Values = ValuesOf<typeof variables>

/** What was read without a problem. */
export type SoundValues = SoundValuesOf<typeof variables>
