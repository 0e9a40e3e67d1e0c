/** Counts with one flaw each. */
import type { Counter, Counts } from '../../../src/auth/accounts/counts.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import { countTimes, type OpenedCounts } from './counts-kit.ts'
import { openMemoryCounts } from './open-memory-counts.ts'

function flaw(
  what: string,
  isCaughtBy: string,
  spoil: (right: Counts) => Partial<Counts>,
): Flaw<OpenedCounts> {
  const open = async () => {
    const { counts, pass } = await openMemoryCounts()
    return { counts: { ...counts, ...spoil(counts) }, pass }
  }
  return { what, isCaughtBy, open }
}

async function isFull(counts: Counts, counter: Counter): Promise<boolean> {
  if (!(await counts.count(counter))) return true
  await counts.takeBack(counter)
  return false
}

/** Takes back all, and answers how many they were. */
async function empty(counts: Counts, counter: Counter): Promise<number> {
  let counted = 0
  while (await counts.count(counter)) counted++
  for (let time = 0; time < counter.limit; time++) await counts.takeBack(counter)
  return counter.limit - counted
}

export const wrongCounts: readonly Flaw<OpenedCounts>[] = [
  flaw('counts one too many', 'counts up to the limit, and not beyond', (right) => ({
    count: (counter) => right.count({ ...counter, limit: counter.limit + 1 }),
  })),
  flaw('looks first and counts after', 'counts up to the limit of those who come at once', () => {
    const counted = new Map<string, number>()
    return {
      count: async ({ tag, limit }) => {
        const seen = counted.get(tag) ?? 0
        await Promise.resolve()
        if (seen < limit) counted.set(tag, seen + 1)
        return seen < limit
      },
    }
  }),
  flaw('counts all kinds together', 'counts each tag by itself, and each kind', (right) => ({
    count: (counter) => right.count({ ...counter, kind: 'all' }),
    takeBack: (counter) => right.takeBack({ ...counter, kind: 'all' }),
  })),
  flaw(
    'begins the time anew with each that it counts',
    'forgets all when the time since the first is over, and not before',
    (right) => ({
      count: async (counter) => {
        if (await isFull(right, counter)) return false
        const counted = await empty(right, counter)
        await countTimes(right, counter, counted + 1)
        return true
      },
    }),
  ),
  {
    ...flaw(
      'never forgets',
      'forgets all when the time since the first is over, and not before',
      () => ({}),
    ),
    open: async () => ({ ...(await openMemoryCounts()), pass: async () => {} }),
  },
  flaw(
    'begins the time anew with each that it refuses',
    'remembers no longer because of those whom it did not count',
    (right) => ({
      count: async (counter) => {
        if (await right.count(counter)) return true
        await empty(right, counter)
        await countTimes(right, counter, counter.limit)
        return false
      },
    }),
  ),
  flaw(
    'counts those whom it refuses',
    'takes back one, however many were counted or refused',
    (right) => {
      const refused = new Map<string, number>()
      return {
        count: async (counter) => {
          const isCounted = await right.count(counter)
          if (!isCounted) refused.set(counter.tag, (refused.get(counter.tag) ?? 0) + 1)
          return isCounted
        },
        takeBack: async (counter) => {
          const left = refused.get(counter.tag) ?? 0
          if (left === 0) await right.takeBack(counter)
          else refused.set(counter.tag, left - 1)
        },
      }
    },
  ),
  flaw('counts below nothing', 'takes back nothing where nothing is counted', (right) => {
    const debts = new Map<string, number>()
    return {
      takeBack: async (counter) => {
        const isNothing = (await empty(right, counter)) === 0
        if (isNothing) debts.set(counter.tag, (debts.get(counter.tag) ?? 0) + 1)
      },
      count: async (counter) => {
        const debt = debts.get(counter.tag) ?? 0
        if (debt === 0) return await right.count(counter)
        debts.set(counter.tag, debt - 1)
        return true
      },
    }
  }),
  flaw('takes back from all kinds', 'takes back from one tag and one kind', (right) => ({
    takeBack: async (counter) => {
      for (const kind of ['register/source', 'register/address'])
        await right.takeBack({ ...counter, kind })
    },
  })),
  flaw(
    'forgets all where one is taken back',
    'forgets at the same time when one was taken back',
    (right) => ({ takeBack: async (counter) => void (await empty(right, counter)) }),
  ),
]
