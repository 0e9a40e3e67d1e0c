/** Programs that authenticate to auth. A secret has 256 random bits, so a plain SHA-256 is filed and compared: no slow hash, no queue. */
import { hash, timingSafeEqual } from 'node:crypto'
import { readBasic } from '../http/authorization.ts'
import { decodeFormText } from '../http/form.ts'
import { Refusal } from '../http/refusal.ts'

export interface Client {
  readonly id: string
  /** SHA-256 of its secret; of two while one replaces the other. */
  readonly secretHashes: readonly Buffer[]
  /** What its tokens may be allowed. */
  readonly scopes: readonly string[]
}

export interface Clients {
  /** `undefined` where there is none, or where it is disabled. */
  find(id: string): Promise<Client | undefined>
}

export function configuredClients(
  clients: readonly { id: string; secret: string; scopes: readonly string[] }[],
): Clients {
  const known = new Map(
    clients.map(({ id, secret, scopes }) => [id, { id, secretHashes: [sha256(secret)], scopes }]),
  )
  return { find: async (id) => known.get(id) }
}

/** The first that is found. */
export function clientsOf(sources: () => readonly Clients[]): Clients {
  return {
    async find(id) {
      for (const source of sources()) {
        const client = await source.find(id)
        if (client !== undefined) return client
      }
      return undefined
    },
  }
}

const nobodysHashes = [sha256('')]

const subjectPrefix = 'client:'

/** Whose the tokens of a client are. */
export function subjectOf({ id }: Pick<Client, 'id'>): string {
  return `${subjectPrefix}${id}`
}

/** The client whose tokens these are. The subject must be one of a client. */
export function clientIdOf(sub: string): string {
  if (!sub.startsWith(subjectPrefix)) throw new TypeError('this is not the subject of a client')
  return sub.slice(subjectPrefix.length)
}

/** The client that HTTP Basic names. RFC 6749 §2.3.1: id and secret are form-encoded before they are put together. */
export async function authenticateClient(
  clients: Clients,
  authorization: string | undefined,
): Promise<Client> {
  const credentials = readBasic(authorization)
  if (credentials === undefined)
    throw new Refusal('invalid_client', 'The client must authenticate by HTTP Basic.')
  const id = decodeFormText(credentials.userId)
  const secret = decodeFormText(credentials.password)
  const client = id === undefined ? undefined : await clients.find(id)
  const given = sha256(secret ?? '')
  const equal = (client?.secretHashes ?? nobodysHashes).filter((one) => timingSafeEqual(one, given))
  if (client === undefined || secret === undefined || equal.length === 0) {
    throw new Refusal('invalid_client', 'The client is unknown or its secret is wrong.')
  }
  return client
}

/** As which a client's secret is filed. */
export function sha256(secret: string): Buffer {
  return hash('sha256', secret, 'buffer')
}
