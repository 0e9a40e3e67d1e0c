/** Real stores beside the servers, on the core of all that is not under test, as those who run the tests start them. */
import { databaseName } from '../../test/kit/database-roles.ts'
import { startProvisioned } from '../../test/kit/provisioned.ts'
import { startRedis } from '../../test/kit/redis.ts'
import { besideCore, runCommand } from './processes.ts'
import type { Findings } from './scenario.ts'
import { pathOf } from './servers.ts'

export interface RunningStore {
  readonly name: 'Redis' | 'Postgres'
  /** What auth must be told of it. */
  readonly variables: Readonly<Record<string, string>>
  end(): Promise<void>
}

export type StartStore = () => Promise<RunningStore>

export async function startRedisStore(): Promise<RunningStore> {
  const { lifetime, end } = createLifetime()
  const redis = await startRedis(lifetime, { appendOnly: 'everysec' })
  return { name: 'Redis', variables: { APP_ENV: 'demo', TOKEN_STORE: redis.url }, end }
}

export async function startPostgresStore(): Promise<RunningStore> {
  const { lifetime, end } = createLifetime()
  const { auth } = await startProvisioned(lifetime, { fsync: true, migrate: runMigrations })
  return { name: 'Postgres', variables: { APP_ENV: 'demo', TOKEN_STORE: auth }, end }
}

export interface ContentStores {
  /** What business must be told of them. */
  readonly variables: Readonly<Record<string, string>>
  /** How many events wait. */
  waiting(): Promise<number>
  /** How many statements have folded events so far. */
  folds(): Promise<number>
  end(): Promise<void>
}

/** A Postgres for what business keeps, and a Redis for its events. */
export async function startContentStores(): Promise<ContentStores> {
  const { lifetime, end } = createLifetime()
  const redis = await startRedis(lifetime, { appendOnly: 'everysec' })
  const settings = { shared_preload_libraries: 'pg_stat_statements' }
  const options = { fsync: true, settings, migrate: runMigrations }
  const { business, postgres } = await startProvisioned(lifetime, options)
  await postgres.psql('create extension pg_stat_statements', databaseName)
  return {
    variables: { APP_ENV: 'demo', CONTENT_STORE: business, EVENTS: redis.url },
    waiting: async () => Number(await redis.cli('XLEN', 'sallyport:business:{events}:topic:votes')),
    folds: async () => Number(await postgres.psql(foldCalls, databaseName)),
    end,
  }
}

const foldCalls = `select coalesce(sum(calls), 0) from pg_stat_statements
  where query like '%insert into business.votes%' and query not like '%pg_stat_statements%'`

/** One after the other, memory first; what was found on all of them. `variables` are what auth must be told of a store. */
export async function onEachStore(
  measure: (store: string, variables: RunningStore['variables']) => Promise<Findings>,
): Promise<Findings> {
  const findings = [await measure('memory', {})]
  for (const startStore of [startRedisStore, startPostgresStore]) {
    const store = await startStore()
    try {
      findings.push(await measure(store.name, store.variables))
    } finally {
      await store.end()
    }
  }
  return {
    figures: findings.flatMap(({ figures }) => figures),
    raw: findings.map(({ raw }) => raw),
  }
}

async function runMigrations(environment: Readonly<Record<string, string>>): Promise<void> {
  const script = pathOf('../../dist/main-migrate.js')
  await runCommand(process.execPath, [script], { core: besideCore, environment, limitSeconds: 30 })
}

function createLifetime() {
  const releasers: (() => unknown)[] = []
  return {
    lifetime: { after: (releaser: () => unknown) => void releasers.unshift(releaser) },
    end: async () => {
      for (const releaser of releasers) await releaser()
    },
  }
}
