/** What the cases of the client store's contract share. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { ClientStore, ClientView, NewClient } from '../../../src/auth/clients/client-store.ts'
import { sha256 } from '../../../src/auth/clients.ts'
import type { Case } from '../../storage/contract.ts'

export interface OpenedClients {
  readonly store: ClientStore
  /** Lets at least this much of the store's time go by. */
  readonly pass: (milliseconds: number) => Promise<void>
}

export type ClientStoreCase = Case<OpenedClients>

/** A client with a fresh id and the secret `first`, unless told otherwise. */
export function newClient(fields: Partial<NewClient> = {}): NewClient {
  return {
    id: `client-${randomUUID()}`,
    name: 'Reports',
    scopes: ['tokens:validate'],
    secretHash: sha256('first'),
    ...fields,
  }
}

/** A client that is in the store, and its id. */
export async function createClient(
  store: ClientStore,
  fields: Partial<NewClient> = {},
): Promise<string> {
  const client = newClient(fields)
  assert.equal(await store.create(client), true)
  return client.id
}

/** Which of these secrets are good, in their order; `undefined` where the client is not found. */
export async function goodSecrets(
  store: ClientStore,
  id: string,
  secrets: readonly string[],
): Promise<readonly string[] | undefined> {
  const client = await store.find(id)
  if (client === undefined) return undefined
  const good = secrets.filter((one) => client.secretHashes.some((two) => two.equals(sha256(one))))
  assert.equal(client.secretHashes.length, good.length, 'a secret is good that nobody knows')
  return good
}

export async function viewOf(store: ClientStore, id: string): Promise<ClientView> {
  const found = (await store.list({ after: undefined, limit: 1_000 })).find((one) => one.id === id)
  assert.ok(found !== undefined, 'the client is not listed')
  return found
}
