import { describe } from 'node:test'
import type { AccountEvent, AccountEvents } from '../../../src/auth/feed/account-events.ts'
import { type Flaw, itNotices } from '../../storage/wrong-store.ts'
import { accountEventsCases } from './account-events-contract.ts'
import type { OpenedEvents } from './account-events-kit.ts'
import { openMemoryEvents } from './open-events.ts'

function flaw(
  what: string,
  isCaughtBy: string,
  spoil: (right: AccountEvents) => Partial<AccountEvents>,
): Flaw<OpenedEvents> {
  const open = async () => {
    const { events: right } = openMemoryEvents()
    const events = { ...right, ...spoil(right) }
    return {
      events,
      make: async (change: Parameters<AccountEvents['apply']>[0]) => events.apply(change),
    }
  }
  return { what, isCaughtBy, open }
}

const flaws = [
  flaw(
    'gives the event at the position again',
    'gives each event on one page, in order',
    (right) => ({
      after: (position, limit) =>
        right.after({ ...position, number: Math.max(0, position.number - 1) }, limit),
    }),
  ),
  flaw('gives more than were asked for', 'gives each event on one page, in order', (right) => ({
    after: (position) => right.after(position, 1_000),
  })),
  flaw(
    'tells of every change',
    'tells of deletions, disablings, enablings and renames, whole and in order',
    (right) => ({ apply: (change) => right.apply({ ...change, type: 'renamed' }) }),
  ),
  flaw(
    'tells of no enabling',
    'tells of deletions, disablings, enablings and renames, whole and in order',
    (right) => ({
      apply: (change) => {
        if (change.type !== 'enabled') right.apply(change)
      },
    }),
  ),
  flaw('ends before the last event', 'ends behind the last event', (right) => ({
    end: async () => {
      const { epoch, number } = await right.end()
      return { epoch, number: Math.max(0, number - 1) }
    },
  })),
  flaw('answers with its own records', 'answers with copies', (right) => {
    let own: readonly AccountEvent[] | undefined
    return {
      after: async (position, limit) => {
        own ??= await right.after(position, limit)
        return own
      },
    }
  }),
  flaw(
    'forgets more than it may',
    'forgets what is older, the first first, and no more than it may',
    (right) => ({ forget: (age) => right.forget(age, 1_000) }),
  ),
  flaw(
    'goes on after what it has forgotten as if nothing were missing',
    'knows no position from which an event is missing',
    (right) => ({
      after: async (position, limit) => {
        for (let { number } = position; number < position.number + 10; number++) {
          const found = await right.after({ ...position, number }, limit)
          if (found !== undefined) return found
        }
        return undefined
      },
    }),
  ),
  flaw(
    'forgets what is old behind what is not',
    'leaves what is old behind what is not, so that there is no gap',
    (right) => {
      let oldest = 0
      return {
        forget: async (age, limit) => {
          oldest = Date.now() - age
          return await right.forget(age, limit)
        },
        after: async (position, limit) =>
          (await right.after(position, limit))?.filter(({ at }) => at >= oldest),
      }
    },
  ),
  flaw('takes any epoch for its own', 'knows no position of another epoch', (right) => ({
    after: async ({ number }, limit) =>
      right.after({ number, epoch: (await right.end()).epoch }, limit),
  })),
  flaw(
    'waits for what is before a position that lies ahead',
    'knows no position that lies ahead',
    (right) => ({
      after: async (position, limit) => (await right.after(position, limit)) ?? [],
    }),
  ),
]

describe('the contract of account events', () => {
  for (const one of flaws) itNotices(one, accountEventsCases)
})
