/** Client stores that do something wrong with secrets. */
import type { ClientStore } from '../../../src/auth/clients/client-store.ts'
import { type ClientStoreFlaw, flaw, letOthersGo } from './wrong-client-kit.ts'

/** A store that keeps its secrets by itself, as `rotate` says. */
function rotating(
  store: ClientStore,
  rotate: (
    hashes: readonly Buffer[],
    fresh: Buffer,
  ) => readonly Buffer[] | Promise<readonly Buffer[]>,
): Partial<ClientStore> {
  const hashesById = new Map<string, readonly Buffer[]>()
  const known = (id: string) => hashesById.get(id) ?? []
  return {
    create: async (client) => {
      const isCreated = await store.create(client)
      if (isCreated) hashesById.set(client.id, [Buffer.from(client.secretHash)])
      return isCreated
    },
    find: async (id) => {
      const client = await store.find(id)
      return client && { ...client, secretHashes: known(id).map((one) => Buffer.from(one)) }
    },
    rotateSecret: async (id, secretHash) => {
      const isFound = await store.rotateSecret(id, secretHash)
      if (isFound) hashesById.set(id, await rotate(known(id), Buffer.from(secretHash)))
      return isFound
    },
    dropOldSecret: async (id) => {
      hashesById.set(id, known(id).slice(0, 1))
      return await store.dropOldSecret(id)
    },
  }
}

export const wrongRotations: readonly ClientStoreFlaw[] = [
  flaw('keeps three secrets', 'drops the oldest secret where there would be three', (store) =>
    rotating(store, (hashes, fresh) => [fresh, ...hashes.slice(0, 2)]),
  ),
  flaw(
    'drops the present secret when it rotates',
    'keeps the secret before a rotation good beside the new one',
    (store) => rotating(store, (_, fresh) => [fresh]),
  ),
  flaw(
    'drops the present secret instead of the oldest',
    'drops the oldest secret where there would be three',
    (store) => rotating(store, (hashes, fresh) => [fresh, ...hashes.slice(-1)]),
  ),
  flaw(
    'drops the newest secret instead of the old one',
    'leaves a client its newest secret alone, however often it is told to',
    (store) => rotating(store, (hashes, fresh) => [...hashes.slice(-1), fresh]),
  ),
  flaw(
    'reads the secrets first and files them after',
    'leaves exactly two good of 16 simultaneous rotations, and none from before, 25 times',
    (store) =>
      rotating(store, async ([newest], fresh) => {
        await letOthersGo()
        return newest === undefined ? [fresh] : [fresh, newest]
      }),
  ),
  flaw(
    'keeps the very secret that it was given when it rotates',
    'keeps a copy of a secret that is rotated in',
    (store) => {
      const given = new Map<string, Buffer>()
      return {
        rotateSecret: (id, secretHash) => {
          given.set(id, secretHash)
          return store.rotateSecret(id, secretHash)
        },
        find: async (id) => {
          const client = await store.find(id)
          const [newest, ...others] = client?.secretHashes ?? []
          const fresh = given.get(id) ?? newest
          return client && fresh && { ...client, secretHashes: [fresh, ...others] }
        },
      }
    },
  ),
  flaw(
    'enables a client whose secret it rotates',
    'rotates the secret of a disabled client, which stays disabled',
    (store) => ({
      rotateSecret: async (id, secretHash) => {
        await store.setDisabled(id, false)
        return await store.rotateSecret(id, secretHash)
      },
    }),
  ),
  flaw(
    'puts back a whole client that it read before',
    'loses neither a disabling nor a rotation that come at once, 25 times',
    (store) => ({
      rotateSecret: async (id, secretHash) => {
        const wasEnabled = (await store.find(id)) !== undefined
        await letOthersGo()
        if (wasEnabled) await store.setDisabled(id, false)
        return await store.rotateSecret(id, secretHash)
      },
    }),
  ),
  flaw(
    'says of no change when it was',
    'says when a client was changed last, and still when it was created',
    (store) => ({
      list: async (page) =>
        (await store.list(page)).map((one) => ({ ...one, updatedAt: one.createdAt })),
    }),
  ),
]
