/** Client stores with one flaw each. */
import type { ClientStore } from '../../../src/auth/clients/client-store.ts'
import { type ClientStoreFlaw, flaw } from './wrong-client-kit.ts'
import { wrongRotations } from './wrong-client-rotations.ts'

const creations: readonly ClientStoreFlaw[] = [
  flaw(
    'looks first whether an id is free and files after',
    'lets exactly one of 16 simultaneous creators have an id, 25 times',
    (store) => ({
      create: async (client) => {
        if ((await store.find(client.id)) !== undefined) return false
        await store.create(client)
        return true
      },
    }),
  ),
  flaw(
    'says that it created a client whose id is taken',
    'refuses an id that is taken, and changes nothing',
    (store) => ({
      create: async (client) => {
        await store.create(client)
        return true
      },
    }),
  ),
  flaw(
    'takes the id of a disabled client for a free one',
    'refuses an id that a disabled client has',
    (store) => ({
      create: async (client) => {
        const isFree = (await store.find(client.id)) === undefined
        if (isFree) await store.setDisabled(client.id, false)
        return (await store.create(client)) || isFree
      },
    }),
  ),
  flaw('folds the case of ids', 'compares ids as they are', (store) => ({
    create: (client) => store.create({ ...client, id: client.id.toLowerCase() }),
    find: (id) => store.find(id.toLowerCase()),
  })),
  flaw('sorts scopes', 'finds a client, whole', (store) => ({
    create: (client) => store.create({ ...client, scopes: [...client.scopes].sort() }),
  })),
  flaw(
    'keeps the list of scopes that it was given',
    'keeps a copy of a client: what becomes of the original changes nothing',
    (store) => {
      const scopesById = new Map<string, readonly string[]>()
      return {
        create: async (client) => {
          scopesById.set(client.id, client.scopes)
          return await store.create(client)
        },
        list: async (page) =>
          (await store.list(page)).map((one) => ({
            ...one,
            scopes: scopesById.get(one.id) ?? [],
          })),
      }
    },
  ),
]

const listings: readonly ClientStoreFlaw[] = [
  flaw(
    'lists the one after which it is to begin, too',
    'lists as many as are asked for, after the one that is named, which need not be there',
    (store) => ({
      list: async ({ after, limit }) => {
        const all = await store.list({ after: undefined, limit: 1_000 })
        return all.filter(({ id }) => after === undefined || id >= after).slice(0, limit)
      },
    }),
  ),
  flaw(
    'lists from the first one where the one that is named is not there',
    'lists as many as are asked for, after the one that is named, which need not be there',
    (store) => ({
      list: async ({ after, limit }) => {
        const all = await store.list({ after: undefined, limit: 1_000 })
        const start = all.findIndex(({ id }) => id === after) + 1
        return all.slice(start, start + limit)
      },
    }),
  ),
  flaw(
    'lists one more than it is asked for',
    'lists as many as are asked for, after the one that is named, which need not be there',
    (store) => ({ list: ({ after, limit }) => store.list({ after, limit: limit + 1 }) }),
  ),
  flaw('orders ids as a dictionary does', 'lists in the order of ids, byte by byte', (store) => ({
    list: async (page) =>
      [...(await store.list(page))].sort((one, other) => one.id.localeCompare(other.id)),
  })),
  flaw(
    'lists no client that is disabled',
    'does not find a client that is disabled, and lists it as such',
    (store) => ({
      list: async (page) => (await store.list(page)).filter(({ isDisabled }) => !isDisabled),
    }),
  ),
]

const disablings: readonly ClientStoreFlaw[] = [
  flaw(
    'finds a client that is disabled',
    'does not find a client that is disabled, and lists it as such',
    (store) => {
      const found = new Map<string, Awaited<ReturnType<ClientStore['find']>>>()
      return {
        setDisabled: async (id, isDisabled) => {
          found.set(id, await store.find(id))
          return await store.setDisabled(id, isDisabled)
        },
        find: async (id) => (await store.find(id)) ?? found.get(id),
      }
    },
  ),
  flaw(
    'toggles instead of disabling',
    'disables a client that is disabled, and enables one that is enabled',
    (store) => ({
      setDisabled: async (id) => await store.setDisabled(id, (await store.find(id)) !== undefined),
    }),
  ),
  flaw(
    'drops the old secret of a client that it disables',
    'finds a client that is enabled again, with the secrets that it had',
    (store) => ({
      setDisabled: async (id, isDisabled) => {
        await store.dropOldSecret(id)
        return await store.setDisabled(id, isDisabled)
      },
    }),
  ),
  flaw(
    'says that it disabled nobody',
    'changes nobody who was not created, and creates nobody by it',
    (store) => ({
      setDisabled: async (id, isDisabled) => {
        await store.setDisabled(id, isDisabled)
        return true
      },
    }),
  ),
  flaw('disables everybody', 'changes one client and leaves the others alone', (store) => ({
    setDisabled: async (id, isDisabled) => {
      const isFound = await store.setDisabled(id, isDisabled)
      for (const one of await store.list({ after: undefined, limit: 1_000 }))
        await store.setDisabled(one.id, isDisabled)
      return isFound
    },
  })),
]

export const wrongClientStores = [...creations, ...listings, ...disablings, ...wrongRotations]
