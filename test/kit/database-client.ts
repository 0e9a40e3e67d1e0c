/** A connection to a database by hand, for what no store would do. */
import { Client } from 'pg'
import type { Lifetime } from './daemon.ts'

export interface DatabaseClient {
  /** The rows, as arrays in the order of their columns, numbers as numbers. */
  readonly ask: (statement: string, values?: readonly unknown[]) => Promise<unknown[][]>
  /** Whether somebody else waits for a lock that this connection has. */
  readonly isWaitedFor: () => Promise<boolean>
}

/** Connected, until the test ends. */
export async function connectClient(t: Lifetime, url: string): Promise<DatabaseClient> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {}) // the statement under way rejects too
  t.after(() => client.end().catch(() => {})) // the server may have ended it
  await client.connect()
  const types = {
    getTypeParser: (oid: number) => (numbers.has(oid) ? Number : (text: string) => text),
  }
  const ask: DatabaseClient['ask'] = async (text, values = []) => {
    const query = { text, values: [...values], rowMode: 'array' as const, types }
    return (await client.query<unknown[]>(query)).rows ?? []
  }
  return {
    ask,
    async isWaitedFor() {
      const [row] = await ask(
        `select exists (select from pg_locks where not granted
          and pg_backend_pid() = any(pg_blocking_pids(pid)))::int`,
      )
      return row?.[0] === 1
    },
  }
}

/** int8, int2, int4. */
const numbers = new Set([20, 21, 23])
