/** A connection of its own for what happens once, at a start: it may wait for longer than a request could. */
import { Client } from 'pg'
import { StartError } from '../../start-error.ts'

export interface ConnectionOptions {
  readonly url: string
  /** As which Postgres lists it. */
  readonly name: string
}

const connectMilliseconds = 10_000

/** Ends the connection afterwards. Rejects with a `StartError` where there is none to be had. */
export async function withConnection<T>(
  { url, name }: ConnectionOptions,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await connect({ url, name })
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

async function connect({ url, name }: ConnectionOptions): Promise<Client> {
  try {
    const client = new Client({
      connectionString: url,
      application_name: name,
      connectionTimeoutMillis: connectMilliseconds,
    })
    client.on('error', () => {}) // the statement under way rejects too
    await client.connect()
    return client
  } catch (error) {
    throw new StartError(`No connection to the database: ${describeReason(error)}.`)
  }
}

/** What Postgres, the driver or Node says, none of which repeats a password. */
export function describeReason(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException // they throw nothing else
  return message === '' ? String(code) : message // several addresses that all refused have no message
}
