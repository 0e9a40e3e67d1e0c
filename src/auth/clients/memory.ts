/** Clients in the memory of one process: for the demo and for tests. A restart forgets them. */
import type { Clock } from '../../clock.ts'
import type { ClientStore, ClientView, NewClient } from './client-store.ts'

interface Filed extends Omit<ClientView, 'secretCount'> {
  /** The newest first; one or two. */
  readonly secretHashes: readonly Buffer[]
}

export function memoryClientStore({ now }: Pick<Clock, 'now'>): ClientStore {
  const clients = new Map<string, Filed>()

  function change(id: string, changed: (client: Filed) => Partial<Filed>): boolean {
    const client = clients.get(id)
    if (client === undefined) return false
    clients.set(id, { ...client, ...changed(client), updatedAt: now() })
    return true
  }

  return {
    async create({ id, name, scopes, secretHash }: NewClient) {
      if (clients.has(id)) return false
      const at = now()
      const times = { createdAt: at, updatedAt: at }
      const secretHashes = [Buffer.from(secretHash)]
      clients.set(id, { id, name, scopes: [...scopes], secretHashes, isDisabled: false, ...times })
      return true
    },
    async find(id) {
      const client = clients.get(id)
      if (client === undefined || client.isDisabled) return undefined
      const { scopes, secretHashes } = client
      return { id, scopes: [...scopes], secretHashes: secretHashes.map((one) => Buffer.from(one)) }
    },
    async list({ after = '', limit }) {
      return [...clients.values()]
        .filter(({ id }) => id > after)
        .sort((one, other) => (one.id < other.id ? -1 : 1))
        .slice(0, limit)
        .map(viewOf)
    },
    async setDisabled(id, isDisabled) {
      return change(id, () => ({ isDisabled }))
    },
    async rotateSecret(id, secretHash) {
      const fresh = Buffer.from(secretHash)
      return change(id, ({ secretHashes }) => ({
        secretHashes: [fresh, ...secretHashes.slice(0, 1)],
      }))
    },
    async dropOldSecret(id) {
      return change(id, ({ secretHashes }) => ({ secretHashes: secretHashes.slice(0, 1) }))
    },
  }
}

function viewOf({ secretHashes, scopes, ...client }: Filed): ClientView {
  return { ...client, scopes: [...scopes], secretCount: secretHashes.length }
}
