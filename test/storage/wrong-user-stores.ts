/** User stores with one flaw each. */
import { memoryUserStore } from '../../src/storage/memory/users.ts'
import type { User, UserStore } from '../../src/storage/ports.ts'
import type { OpenedUsers } from './user-store-kit.ts'
import type { Flaw } from './wrong-store.ts'

type UserStoreFlaw = Flaw<OpenedUsers>
type Spoil = (right: UserStore) => Partial<UserStore>

function flaw(what: string, isCaughtBy: string, spoil: Spoil): UserStoreFlaw {
  const open = async () => {
    const right = memoryUserStore()
    return { store: { ...right, ...spoil(right) } }
  }
  return { what, isCaughtBy, open }
}

/** Remembers the very objects that it was given. */
function remembering(store: UserStore) {
  const users = new Map<string, User>()
  const create: UserStore['create'] = async (user) => {
    const isCreated = await store.create(user)
    if (isCreated) users.set(user.id, user)
    return isCreated
  }
  return { users, create }
}

const creations: readonly UserStoreFlaw[] = [
  flaw(
    'looks first whether a user name is free and files after',
    'lets exactly one of 16 simultaneous creators have a user name, 100 times',
    (store) => ({
      create: async (user) => {
        if ((await store.findByUsername(user.username)) !== undefined) return false
        await store.create(user)
        return true
      },
    }),
  ),
  flaw(
    'looks first whether an id is free and files after',
    'lets exactly one of 16 simultaneous creators have an id, 100 times',
    (store) => ({
      create: async (user) => {
        if ((await store.findById(user.id)) !== undefined) return false
        await store.create(user)
        return true
      },
    }),
  ),
  flaw(
    'says that it created a user whose name is taken',
    'refuses a user name that is taken, and files nothing',
    (store) => ({
      create: async (user) => {
        await store.create(user)
        return true
      },
    }),
  ),
  flaw(
    'files half a user before it finds that the user name is taken',
    'refuses a user name that is taken, and files nothing',
    (store) => {
      const half = new Map<string, User>()
      return {
        create: async (user) => {
          half.set(user.id, { ...user })
          return await store.create(user)
        },
        findById: async (id) => (await store.findById(id)) ?? half.get(id),
      }
    },
  ),
  flaw(
    'forgets that a user is disabled',
    'finds a user by id and by user name, whole',
    (store) => ({ create: (user) => store.create({ ...user, isDisabled: false }) }),
  ),
]

const findings: readonly UserStoreFlaw[] = [
  flaw(
    'keeps the user that it was given instead of a copy',
    'keeps a copy of a user: what becomes of the original changes nothing',
    (store) => {
      const { users, create } = remembering(store)
      const copyOf = (user: User | undefined) => user && { ...user }
      return { create, findById: async (id) => copyOf(users.get(id)) }
    },
  ),
  flaw(
    'answers by id with its own record instead of a copy',
    'answers by id with a copy: what becomes of it changes nothing',
    (store) => {
      const { users, create } = remembering(store)
      return {
        create: (user) => create({ ...user }),
        findById: async (id) => users.get(id),
      }
    },
  ),
  flaw(
    'folds the case of user names by itself',
    'compares user names as they are: to fold their case is not its business',
    (store) => ({ findByUsername: (username) => store.findByUsername(username.toLowerCase()) }),
  ),
  flaw(
    'trims user names by itself',
    'compares user names as they are: to normalise them is not its business',
    (store) => ({ findByUsername: (username) => store.findByUsername(username.trim()) }),
  ),
  flaw(
    'files ids and user names in one index',
    'finds nobody by id under a user name, nor by user name under an id',
    (store) => ({
      findById: async (id) => (await store.findById(id)) ?? (await store.findByUsername(id)),
    }),
  ),
  flaw(
    'looks a user name up in an object',
    'files and finds a user whose names have the name of a prototype in them, and nobody else',
    (store) => {
      const byUsername: Record<string, User> = {}
      return {
        create: async (user) => {
          byUsername[user.username] = { ...user }
          return await store.create(user)
        },
        findByUsername: async (username) => byUsername[username],
      }
    },
  ),
]

const passwords: readonly UserStoreFlaw[] = [
  flaw(
    'swaps a password hash without comparing',
    'swaps no password hash that is no longer the one that was read',
    (store) => ({
      replacePasswordHash: async (id, from, to) => {
        const present = (await store.findById(id))?.passwordHash
        return await store.replacePasswordHash(id, present ?? from, to)
      },
    }),
  ),
  flaw(
    'compares a password hash first and swaps it after',
    'lets exactly one of 16 simultaneous callers swap a password hash, 100 times',
    (store) => ({
      replacePasswordHash: async (id, from, to) => {
        if ((await store.findById(id))?.passwordHash !== from) return false
        await store.replacePasswordHash(id, from, to)
        return true
      },
    }),
  ),
  flaw(
    'swaps the password hash of everybody',
    'swaps the password hash of one user and leaves the others alone',
    (store) => {
      const { users, create } = remembering(store)
      return {
        create,
        replacePasswordHash: async (_, from, to) => {
          for (const id of users.keys()) await store.replacePasswordHash(id, from, to)
          return true
        },
      }
    },
  ),
]

const faults: readonly UserStoreFlaw[] = [
  flaw(
    'answers a fault as if there were no such user',
    'refuses to find by user name when it is closed',
    (store) => ({
      findByUsername: (username) => store.findByUsername(username).catch(() => undefined),
    }),
  ),
  flaw(
    'answers a fault as if the user name were taken',
    'refuses to create when it is closed',
    (store) => ({ create: (user) => store.create(user).catch(() => false) }),
  ),
  flaw('goes on after it was closed', 'refuses a ping when it is closed', () => ({
    close: async () => {},
  })),
]

export const wrongUserStores = [...creations, ...findings, ...passwords, ...faults]
