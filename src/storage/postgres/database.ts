/**
 * Runs statements on a pool of connections, each with a deadline, and turns every fault into a 503. A statement whose
 * connection broke is made once more where to run it twice is to run it once; one that took too long never is.
 */
import { Pool, type PoolClient, type PoolConfig } from 'pg'
import type { Clock } from '../../clock.ts'
import { Refusal, unavailable } from '../../http/refusal.ts'
import type { Log } from '../../log.ts'
import type { BoundStatement } from '../backing.ts'
import type { Statement } from './statements.ts'

export interface Database {
  /** The rows, as arrays in the order of their columns. */
  run(statement: Statement, values: readonly unknown[], options: RunOptions): Promise<Row[]>
  /**
   * Several as one transaction: the rows of each, or `undefined` and nothing done where the first has none. Never made
   * twice: where it rejects, nobody knows whether it was done.
   */
  runTogether(statements: readonly BoundStatement[]): Promise<readonly Row[][] | undefined>
  close(): Promise<void>
}

export type Row = readonly unknown[]

export interface RunOptions {
  readonly isRepeatable: boolean
}

export interface DatabaseOptions {
  readonly url: string
  /** As which Postgres lists our connections. Default: auth's. */
  readonly applicationName?: string
  readonly clock: Clock
  readonly log: Log
  readonly maxConnections: number
  /** Whether an answer may be given before the disk has it: a crash then takes back the last moments. */
  readonly mayAnswerEarly: boolean
}

/** Less than those who ask auth wait for it, so that they can hear why. What was begun by then ends by itself soon after. */
const deadlineMilliseconds = 800
/** For a connection. More would wait in vain. */
const maxWaiting = 500

export function openDatabase(options: DatabaseOptions): Database {
  const { clock, log } = options
  const pool = new Pool(poolConfig(options))
  let isClosed = false
  // Without a listener, an idle connection that breaks would end the process.
  pool.on('error', (error) => log.warn('Postgres closed a connection', { error: error.message }))

  async function inTime<T>(work: (isLate: () => boolean) => Promise<T>): Promise<T> {
    if (isClosed) throw unavailable('The store is closed.')
    if (pool.waitingCount >= maxWaiting) throw unavailable('Too many wait for the store.')
    try {
      return await within(clock, work)
    } catch (error) {
      throw faultOf(error)
    }
  }

  return {
    run: (statement, values, { isRepeatable }) =>
      inTime(async (isLate) => {
        const bound = { statement, values }
        try {
          return await runOn(pool, bound)
        } catch (error) {
          if (!isRepeatable || !isLostConnection(error) || isLate() || isClosed) throw error
          return await runOn(pool, bound)
        }
      }),
    runTogether: (statements) =>
      inTime(async (isLate) => {
        const client = await pool.connect()
        client.on('error', ignore) // the statement under way rejects, too
        let isEnded = false
        try {
          if (isLate()) throw new Error('there was no connection in time')
          const rows = await runInTransaction(client, statements)
          isEnded = true
          return rows
        } finally {
          client.off('error', ignore)
          // One in an unknown state goes, and Postgres rolls back what it had begun.
          client.release(!isEnded)
        }
      }),
    async close() {
      if (isClosed) return
      isClosed = true
      await pool.end()
    },
  }
}

function poolConfig({
  url,
  applicationName = 'sallyport-auth',
  maxConnections,
  mayAnswerEarly,
}: DatabaseOptions): PoolConfig {
  return {
    connectionString: url,
    application_name: applicationName,
    max: maxConnections,
    idleTimeoutMillis: 0, // to connect costs more than to stay, and may fail when it matters
    connectionTimeoutMillis: deadlineMilliseconds,
    query_timeout: deadlineMilliseconds,
    statement_timeout: deadlineMilliseconds,
    options: `-c plan_cache_mode=force_generic_plan${mayAnswerEarly ? ' -c synchronous_commit=off' : ''}`,
  }
}

const ignore = () => {}

async function runOn(
  connection: Pool | PoolClient,
  { statement: { name, text }, values }: BoundStatement,
): Promise<Row[]> {
  const query = { name, text, values: [...values], rowMode: 'array' as const, types }
  return (await connection.query<unknown[]>(query)).rows
}

async function runInTransaction(
  client: PoolClient,
  statements: readonly BoundStatement[],
): Promise<readonly Row[][] | undefined> {
  const rows: Row[][] = []
  await client.query('begin')
  for (const [index, statement] of statements.entries()) {
    rows.push(await runOn(client, statement))
    if (index === 0 && rows[0]?.length === 0) {
      await client.query('rollback')
      return undefined
    }
  }
  await client.query('commit')
  return rows
}

/** Our whole numbers are instants and counts: a double holds them. */
const parsers = new Map<number, (text: string) => unknown>([
  [16, (text) => text === 't'], // boolean
  [20, Number], // bigint
  [23, Number], // integer
])
const types = { getTypeParser: (oid: number) => parsers.get(oid) ?? String }

/** Whether the deadline or the work comes first. The work can ask whether it is late. */
async function within<T>(clock: Clock, work: (isLate: () => boolean) => Promise<T>): Promise<T> {
  let isLate = false
  let cancel = () => {}
  const deadline = new Promise<never>((_, reject) => {
    cancel = clock.after(deadlineMilliseconds, () => {
      isLate = true
      reject(new Error(`no answer within ${deadlineMilliseconds} ms`))
    })
  })
  try {
    return await Promise.race([work(() => isLate), deadline])
  } finally {
    cancel()
  }
}

/** Connections end with these, or are not to be had for the moment. Class 08 of SQLSTATE too. */
const lostCodes = new Set(['57P01', '57P02', '57P03', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'])
/** The driver has no codes for its own errors. */
const lostMessages = new Set([
  'Connection terminated unexpectedly',
  'Connection terminated',
  'Client has encountered a connection error and is not queryable',
])

function isLostConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = String(Reflect.get(error, 'code'))
  return lostCodes.has(code) || code.startsWith('08') || lostMessages.has(error.message)
}

function faultOf(cause: unknown): Refusal {
  return cause instanceof Refusal ? cause : unavailable('The store cannot do this now.', { cause })
}
