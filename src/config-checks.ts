/** What is wrong with variables together, though each is good by itself. Says nothing twice of what could not be read. */
import type { Problems } from './config-problems.ts'
import { isPair } from './pem.ts'
import type { StoreUrl } from './store-url.ts'
import type { Program } from './variable-kinds.ts'
import { demoClientSecret } from './variable-kinds.ts'
import type { Name, Values } from './variables.ts'

export interface Checked {
  readonly values: Values
  readonly programs: readonly Program[]
  /** Whether a variable is set, or has its default only. */
  readonly isSet: (name: Name) => boolean
}

export function checkTogether(checked: Checked, problems: Problems): void {
  const { APP_ENV } = checked.values
  if (APP_ENV === 'production') checkProduction(checked, problems)
  if (APP_ENV === 'demo') checkDemo(checked, problems)
  checkTls(checked, problems)
  checkWork(checked, problems)
  checkScripts(checked, problems)
  const { SESSION_CAP_SECONDS: cap, SESSION_TTL_SECONDS: ttl } = checked.values
  if ((cap ?? 0) < (ttl ?? 0)) {
    const names = ['SESSION_CAP_SECONDS', 'SESSION_TTL_SECONDS']
    problems.add('SESSION_CAP_SECONDS must not be less than SESSION_TTL_SECONDS.', ...names)
  }
}

function checkDemo({ values, programs, isSet }: Checked, problems: Problems): void {
  const stores = [values.TOKEN_STORE, values.ACCOUNT_STORE]
  if (programs.includes('auth') && !isSet('APP_ENV') && stores.some((one) => isDurable(one))) {
    // The demo user and the well-known secret would open every production that has these stores.
    const sentence = 'APP_ENV must be set where TOKEN_STORE or ACCOUNT_STORE is not memory:.'
    problems.add(sentence, 'APP_ENV')
  }
  for (const name of ['AUTH_HOST', 'BUSINESS_HOST'] as const) {
    if (isLoopback(values[name] ?? 'localhost')) continue
    problems.add(
      `${name} must be a loopback address in the demo: everybody knows its secrets.`,
      name,
    )
  }
}

function checkProduction(checked: Checked, problems: Problems): void {
  const { values, programs } = checked
  if (programs.includes('auth') || programs.includes('business')) {
    const secret = values.BUSINESS_CLIENT_SECRET
    if (secret === undefined || secret === demoClientSecret) {
      problems.add(
        'BUSINESS_CLIENT_SECRET must be set in production, and not to the well-known one of the demo.',
        'BUSINESS_CLIENT_SECRET',
      )
    }
    if (values.TLS_CERT_FILE === undefined && values.TRUSTED_PROXY_HOPS === 0) {
      problems.add(
        'TLS_CERT_FILE and TLS_KEY_FILE must be set in production, or TRUSTED_PROXY_HOPS where a proxy speaks TLS.',
        'TLS_CERT_FILE',
        'TLS_KEY_FILE',
      )
    }
  }
  if (programs.includes('auth')) checkProductionOfAuth(checked, problems)
  if (values.AUTH_URL?.some((url) => !isLoopback(new URL(url).hostname) && !isHttps(url))) {
    const sentence = 'AUTH_URL must be https in production, but for loopback: tokens go there.'
    problems.add(sentence, 'AUTH_URL')
  }
}

function checkProductionOfAuth({ values, isSet }: Checked, problems: Problems): void {
  if (values.TOKEN_STORE?.kind === 'memory') {
    const sentence = 'TOKEN_STORE must not be memory: in production, which ends with its process.'
    problems.add(sentence, 'TOKEN_STORE')
  }
  if (values.ACCOUNT_STORE?.kind === 'memory') {
    const sentence = 'ACCOUNT_STORE must not be memory: in production, which ends with its process.'
    problems.add(sentence, 'ACCOUNT_STORE')
  }
  if (!isSet('SESSION_TTL_SECONDS')) {
    const sentence = 'SESSION_TTL_SECONDS must be set in production, even where it is the default.'
    problems.add(sentence, 'SESSION_TTL_SECONDS')
  }
}

function checkWork({ values, programs }: Checked, problems: Problems): void {
  const { EVENTS: events, CONTENT_STORE: content, WORKERS: workers } = values
  if (isDurable(events) && content?.kind === 'memory') {
    const sentence =
      'CONTENT_STORE must be a Postgres where EVENTS is a Redis: what one process accepts, another works off.'
    problems.add(sentence, 'CONTENT_STORE')
  }
  if (events?.kind !== 'memory') return
  if (workers === 'apart') {
    const sentence = 'WORKERS must be inside where EVENTS is memory:, which no worker shares.'
    problems.add(sentence, 'WORKERS')
  }
  if (programs.includes('worker')) {
    problems.add('EVENTS must be the URL of a Redis for a worker.', 'EVENTS')
  }
}

const pairs = [
  ['TLS_CERT_FILE', 'TLS_KEY_FILE'],
  ['BUSINESS_TLS_CERT_FILE', 'BUSINESS_TLS_KEY_FILE'],
] as const

function checkTls({ values }: Checked, problems: Problems): void {
  for (const names of pairs) {
    const [cert, key] = [values[names[0]], values[names[1]]]
    const both = names.join(' and ')
    if (cert === undefined && key === undefined) continue
    if (cert === undefined || key === undefined) {
      problems.add(`${both} must be set both or neither.`, ...names)
    } else if (!isPair({ cert, key })) {
      problems.add(`${both} must hold a certificate and its own private key, in PEM.`, ...names)
    }
  }
  if (values.MTLS_CLIENT_CA_FILE !== undefined && values.TLS_CERT_FILE === undefined) {
    const sentence = 'MTLS_CLIENT_CA_FILE needs TLS_CERT_FILE: only TLS can ask for a certificate.'
    problems.add(sentence, 'MTLS_CLIENT_CA_FILE', 'TLS_CERT_FILE')
  }
}

function checkScripts({ values, programs }: Checked, problems: Problems): void {
  if (programs.includes('migrate') && values.MIGRATE_DATABASE_URL === undefined) {
    problems.add('MIGRATE_DATABASE_URL must be set.', 'MIGRATE_DATABASE_URL')
  }
  if (programs.includes('createUser') && values.ACCOUNT_STORE?.kind === 'memory') {
    const sentence = 'ACCOUNT_STORE must not be memory: here, where the user would be gone at once.'
    problems.add(sentence, 'ACCOUNT_STORE')
  }
}

function isDurable(store: StoreUrl | undefined): boolean {
  return store !== undefined && store.kind !== 'memory'
}

function isLoopback(address: string): boolean {
  return /^(127(\.\d{1,3}){3}|::1|\[::1\]|localhost)$/i.test(address)
}

function isHttps(url: string): boolean {
  return new URL(url).protocol === 'https:'
}
