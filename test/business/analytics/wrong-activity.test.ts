import { describe } from 'node:test'
import type { ActivityStore } from '../../../src/business/analytics/activity-store.ts'
import { memoryActivity } from '../../../src/business/analytics/memory.ts'
import { type Flaw, itNotices } from '../../storage/wrong-store.ts'
import { activityCases } from './activity-contract.ts'

function flaw(
  what: string,
  isCaughtBy: string,
  spoil: (right: ActivityStore) => Partial<ActivityStore>,
): Flaw<ActivityStore> {
  const open = async () => {
    const right = memoryActivity()
    return { ...right, ...spoil(right) }
  }
  return { what, isCaughtBy, open }
}

/** Files without looking at what is there. */
function heedless(): Partial<ActivityStore> {
  const known = new Map<string, number>()
  return {
    file: async (all) => {
      for (const [user, at] of all) known.set(user, at)
    },
    lastOf: async (user) => known.get(user),
    forget: async (user) => void known.delete(user),
  }
}

const flaws = [
  flaw(
    'knows everybody by whoever was there',
    'knows nothing of somebody who was never there',
    () => {
      let last: number | undefined
      return {
        file: async (all) => {
          last = [...all.values()].at(-1)
        },
        lastOf: async () => last,
      }
    },
  ),
  flaw('files a hundred at most', 'files the instants of all', (right) => ({
    file: (all) => right.file(new Map([...all].slice(0, 100))),
  })),
  flaw('keeps what came last', 'keeps the latest instant, whatever comes when', heedless),
  flaw(
    'looks first and files then',
    'keeps the latest of simultaneous filings of the same users, in whatever order',
    () => {
      const known = new Map<string, number>()
      return {
        lastOf: async (user) => known.get(user),
        file: async (all) => {
          const later = [...all].filter(([user, at]) => at > (known.get(user) ?? 0))
          await new Promise(setImmediate)
          for (const [user, at] of later) known.set(user, at)
        },
      }
    },
  ),
  flaw('files its own empty text for nobody', 'files nobody where there is nobody', (right) => ({
    file: (all) => right.file(all.size === 0 ? new Map([['', 0]]) : all),
  })),
  flaw('keeps what it was given', 'files a copy', (right) => {
    const given: ReadonlyMap<string, number>[] = []
    return {
      file: async (all) => void given.push(all),
      lastOf: async (user) => given.at(-1)?.get(user) ?? (await right.lastOf(user)),
    }
  }),
  flaw(
    'forgets nobody',
    'knows nothing of somebody who is forgotten, and of all others what it knew',
    () => ({ forget: async () => {} }),
  ),
  flaw(
    'forgets everybody',
    'knows nothing of somebody who is forgotten, and of all others what it knew',
    () => {
      let store = memoryActivity()
      return {
        file: (all) => store.file(all),
        lastOf: (user) => store.lastOf(user),
        forget: async () => {
          store = memoryActivity()
        },
      }
    },
  ),
  flaw('knows again who was forgotten', 'files nothing of somebody who is forgotten', heedless),
  flaw(
    'knows no character of four bytes',
    'knows a user whose id has characters of four bytes in it',
    (right) => ({
      lastOf: (user) => right.lastOf(user.replaceAll(/[\ud800-\udfff]/g, '?')),
    }),
  ),
]

describe('the contract of activity', () => {
  for (const one of flaws) itNotices(one, activityCases)
})
