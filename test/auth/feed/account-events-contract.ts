/** The contract of `AccountEvents`. An adapter's own test file is one call, and what only that adapter has. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { AccountChange, AccountChangeType } from '../../../src/auth/account-port.ts'
import { describeCases, hostileTexts } from '../../storage/contract.ts'
import { forgettingCases } from './account-events-forgetting.ts'
import {
  changesOf,
  type EventsCase,
  makeAll,
  newChange,
  numbersAfter,
  type OpenedEvents,
} from './account-events-kit.ts'

const allTypes: readonly AccountChangeType[] = [
  'registered',
  'renamed',
  'username_changed',
  'password_changed',
  'password_reset',
  'roles_changed',
  'disabled',
  'enabled',
  'deleted',
]

const readingCases: readonly EventsCase[] = [
  {
    sentence: 'begins without events, at a position of its own',
    run: async ({ events }) => {
      const start = await events.end()

      assert.equal(start.number, 0)
      assert.match(start.epoch, /^[0-9a-f-]{36}$/)
      assert.deepEqual(await events.end(), start)
      assert.deepEqual(await events.after(start, 10), [])
    },
  },
  {
    sentence: 'tells of deletions, disablings, enablings and renames, whole and in order',
    run: async (opened) => {
      const { events } = opened
      const start = await events.end()
      const changes = allTypes.map((type, index) =>
        newChange({ type, at: 1_700_000_000_000 + index }),
      )
      const { name: _, ...nameless } = newChange({ type: 'deleted', at: 1_700_000_000_010 })

      await makeAll(opened, [...changes, nameless])

      const followed = ['renamed', 'disabled', 'enabled', 'deleted']
      const told: readonly AccountChange[] = [
        ...changes.filter(({ type }) => followed.includes(type)),
        nameless,
      ]
      assert.equal(told.length, 5)
      assert.deepEqual(
        await events.after(start, 10),
        told.map((change, index) => ({
          number: index + 1,
          type: change.type,
          sub: change.userId,
          name: change.name,
          at: change.at,
        })),
      )
    },
  },
  {
    sentence: 'gives each event on one page, in order',
    run: async (opened) => {
      const { events } = opened
      const { epoch } = await events.end()
      await makeAll(opened, changesOf(5))

      const pages = [
        await numbersAfter(events, { epoch, number: 0 }, 2),
        await numbersAfter(events, { epoch, number: 2 }, 2),
        await numbersAfter(events, { epoch, number: 4 }, 2),
        await numbersAfter(events, { epoch, number: 5 }, 2),
      ]

      assert.deepEqual(pages, [[1, 2], [3, 4], [5], []])
    },
  },
  {
    sentence: 'ends behind the last event',
    run: async (opened) => {
      const { events } = opened
      const { epoch } = await events.end()

      await makeAll(opened, changesOf(3))

      assert.deepEqual(await events.end(), { epoch, number: 3 })
    },
  },
  ...hostileTexts.map(([what, name]) => ({
    sentence: `tells of a name that has ${what} in it`,
    run: async ({ events, make }: OpenedEvents) => {
      const start = await events.end()

      await make(newChange({ name }))

      assert.equal((await events.after(start, 10))?.[0]?.name, name)
    },
  })),
  {
    sentence: 'answers with copies',
    run: async ({ events, make }) => {
      const start = await events.end()
      await make(newChange())

      for (const one of (await events.after(start, 10)) ?? []) Object.assign(one, { sub: 'forged' })

      assert.notEqual((await events.after(start, 10))?.[0]?.sub, 'forged')
    },
  },
  {
    sentence: 'numbers 64 simultaneous changes without a gap',
    run: async ({ events, make }) => {
      const start = await events.end()
      const changes = changesOf(64)

      await Promise.all(changes.map(make))

      const told = (await events.after(start, 1_000)) ?? []
      assert.deepEqual(
        told.map(({ number }) => number),
        changes.map((_, index) => index + 1),
      )
      assert.deepEqual(
        told.map(({ sub }) => sub).sort(),
        changes.map(({ userId }) => userId).sort(),
      )
    },
  },
]

export const accountEventsCases = [...readingCases, ...forgettingCases]

export function accountEventsContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedEvents>,
): void {
  describeCases(name, accountEventsCases, open)
}
