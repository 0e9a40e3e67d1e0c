/** Session indexes with one flaw each. */
import { memorySessionIndex } from '../../../src/auth/sessions/memory.ts'
import type { IndexedSession, SessionIndex } from '../../../src/auth/sessions/session-index.ts'
import type { TokenId } from '../../../src/storage/ports.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import { lifeSeconds, type OpenedIndex } from './index-kit.ts'

function flaw(
  what: string,
  isCaughtBy: string,
  spoil: (right: SessionIndex) => Partial<SessionIndex>,
): Flaw<OpenedIndex> {
  const open = async () => {
    const right = memorySessionIndex({ now: Date.now, lifeSeconds })
    return { index: { ...right, ...spoil(right) } }
  }
  return { what, isCaughtBy, open }
}

/** Keeps each user's sessions as one value that is read and then written. */
function inTwoSteps(readBeforeAdding: boolean): SessionIndex {
  const users = new Map<string, readonly IndexedSession[]>()
  const read = async (sub: string) => users.get(sub) ?? []
  const idsOf = (ids: readonly TokenId[]) => new Set(ids)
  return {
    async add(sub, session) {
      const others = readBeforeAdding ? await read(sub) : (users.get(sub) ?? [])
      users.set(sub, [...others.filter(({ id }) => id !== session.id), { ...session }])
    },
    list: async (sub) => (await read(sub)).map((session) => ({ ...session })),
    async remove(sub, ids) {
      const gone = idsOf(ids)
      const sessions = await read(sub)
      users.set(
        sub,
        sessions.filter(({ id }) => !gone.has(id)),
      )
    },
  }
}

export const wrongIndexes: readonly Flaw<OpenedIndex>[] = [
  flaw('reads first and adds after', 'lists all of 16 that were added at once, 20 times', () =>
    inTwoSteps(true),
  ),
  flaw(
    'reads first and takes off after',
    'loses nothing that is added while others are taken off, 20 times',
    () => inTwoSteps(false),
  ),
  flaw(
    'adds only after it has answered',
    'lists to each of 16 who come at once what he has added, 20 times',
    (right) => ({
      add: async (sub, session) => void setImmediate(() => void right.add(sub, session)),
    }),
  ),
  flaw('lists what was there a moment ago', 'lists what was added, whole', (right) => {
    let stale: readonly IndexedSession[] = []
    return {
      async add(sub, session) {
        stale = await right.list(sub)
        await right.add(sub, session)
      },
      list: async () => stale,
    }
  }),
  flaw('forgets where a login came from', 'lists what was added, whole', (right) => ({
    add: (sub, session) => right.add(sub, { ...session, source: 'unknown' }),
  })),
  flaw('keeps the last session alone', 'lists what was added, whole', (right) => ({
    async add(sub, session) {
      const others = await right.list(sub)
      await right.remove(
        sub,
        others.map(({ id }) => id),
      )
      await right.add(sub, session)
    },
  })),
  flaw('adds twice what comes twice', 'lists once what was added twice', (right) => {
    const added: IndexedSession[] = []
    return {
      async add(sub, session) {
        added.push({ ...session })
        await right.add(sub, session)
      },
      list: async () => added,
    }
  }),
  flaw('lists everybody to everybody', 'lists to each user his own', (right) => ({
    add: (_, session) => right.add('', session),
    list: () => right.list(''),
    remove: (_, ids) => right.remove('', ids),
  })),
  flaw('drops the oldest beyond a hundred', 'lists as many as a user may be allowed', (right) => ({
    async add(sub, session) {
      await right.add(sub, session)
      const [oldest, ...others] = await right.list(sub)
      if (oldest !== undefined && others.length === 100) await right.remove(sub, [oldest.id])
    },
  })),
  flaw(
    'looks users up in an object',
    "keeps the sessions of a subject with the name of a prototype, and nobody else's",
    () => {
      const users: Record<string, IndexedSession[]> = {}
      return {
        async add(sub, session) {
          users[sub] = [{ ...session }]
        },
        list: async (sub) => (Object.hasOwn(users, sub) ? (users[sub] ?? []) : []),
      }
    },
  ),
  flaw(
    'keeps the session that it was given',
    'keeps a copy: what becomes of the original changes nothing',
    () => {
      const added: IndexedSession[] = []
      return {
        add: async (_, session) => void added.push(session),
        list: async () => added.map((session) => ({ ...session })),
      }
    },
  ),
  flaw(
    'answers with its own records',
    'answers with copies: what becomes of them changes nothing',
    () => {
      const added: IndexedSession[] = []
      return { add: async (_, session) => void added.push({ ...session }), list: async () => added }
    },
  ),
  flaw('takes off all', 'takes off those that are named and no others', (right) => ({
    async remove(sub) {
      const all = await right.list(sub)
      await right.remove(
        sub,
        all.map(({ id }) => id),
      )
    },
  })),
  flaw('takes off the first alone', 'takes off those that are named and no others', (right) => ({
    remove: (sub, ids) => right.remove(sub, ids.slice(0, 1)),
  })),
  flaw('takes off of everybody', 'takes off nothing of other users', (right) => {
    const subs = new Set<string>()
    return {
      async add(sub, session) {
        subs.add(sub)
        await right.add(sub, session)
      },
      async remove(_, ids) {
        for (const sub of subs) await right.remove(sub, ids)
      },
    }
  }),
  flaw(
    'takes nothing named for all',
    'takes off nothing where nothing is named, or what is not there',
    (right) => ({
      async remove(sub, ids) {
        const all = (await right.list(sub)).map(({ id }) => id)
        await right.remove(sub, ids.length === 0 ? all : ids)
      },
    }),
  ),
  flaw('takes nothing off', 'begins anew when all were taken off', () => ({
    remove: async () => {},
  })),
]
