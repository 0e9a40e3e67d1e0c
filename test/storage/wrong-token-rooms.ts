/** Stores that are closed or full, and say or do the wrong thing. */
import { Refusal } from '../../src/http/refusal.ts'
import type { TokenStore } from '../../src/storage/ports.ts'
import type { OpenedExactly } from './token-store-kit.ts'
import { testRoom } from './token-store-room.ts'
import { flaw, remembering, type TokenStoreFlaw } from './wrong-token-kit.ts'

export const wrongFaults: readonly TokenStoreFlaw[] = [
  flaw(
    'answers a fault as an absence at a peek',
    'refuses to peek when it is closed',
    ({ store }) => ({ peek: (key, purpose) => store.peek(key, purpose).catch(() => undefined) }),
  ),
  flaw(
    'answers a fault as an absence of marks',
    'refuses to tell marks when it is closed',
    ({ store }) => ({ marks: (sub, named) => store.marks(sub, named).catch(() => new Map()) }),
  ),
  flaw(
    'does not ask anyone about an empty list',
    'refuses to reinflate nothing when it is closed',
    ({ store }) => ({
      reinflate: async (keys, purpose) =>
        keys.length === 0 ? [] : await store.reinflate(keys, purpose),
    }),
  ),
  flaw(
    'rejects with whatever its driver threw',
    'refuses to issue when it is closed',
    ({ store }) => ({
      issue: (token) => store.issue(token).catch(() => Promise.reject(new Error('ECONNRESET'))),
    }),
  ),
]

export const wrongRooms: readonly TokenStoreFlaw[] = [
  flaw(
    'drops the oldest living token when it is full',
    'refuses a login when it is full, and files nothing',
    dropsOldest,
    testRoom,
  ),
  flaw(
    'knows no reserved room',
    'keeps the reserved places for purposes that may use them',
    () => ({}),
    { ...testRoom, reservedPlaces: 0 },
  ),
  flaw(
    'lets nobody into the reserved room',
    'keeps the reserved places for purposes that may use them',
    ({ store }) => ({
      issue: (token) =>
        store.issue({ ...token, purpose: { ...token.purpose, hasReservedRoom: false } }),
    }),
    testRoom,
  ),
  flaw(
    'says that a full store has nothing',
    'refuses a login when it is full, and files nothing',
    ({ store }) => ({
      issue: (token) =>
        store.issue(token).catch((error) => {
          if (error instanceof Refusal) return undefined
          throw error
        }),
    }),
    testRoom,
  ),
  flaw(
    'counts its places first and files after',
    'files no more of 64 simultaneous tokens than it has places',
    ({ store }) => countsFirst(store),
    { ...testRoom, maxTokens: 1_000 },
  ),
]

function dropsOldest({ store }: OpenedExactly): Partial<TokenStore> {
  const { filed, issue } = remembering(store)
  return {
    issue: (token) =>
      issue(token).catch(async (error) => {
        const [oldest] = filed.values()
        if (oldest === undefined) throw error
        filed.delete(oldest.key.hash)
        await store.revoke(oldest.key, oldest.purpose)
        return await issue(token)
      }),
  }
}

function countsFirst(store: TokenStore): Partial<TokenStore> {
  let filed = 0
  const countFiled = async () => filed
  return {
    issue: async (token) => {
      const places = testRoom.maxTokens - testRoom.reservedPlaces
      if ((await countFiled()) >= places)
        throw new Refusal('temporarily_unavailable', 'There is no room for another token.')
      filed++
      return await store.issue(token)
    },
  }
}
