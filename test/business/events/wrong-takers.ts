/** Logs that give events to the wrong takers. */
import { createEventIds } from '../../../src/business/event-ids.ts'
import type { NewEvent } from '../../../src/business/event-port.ts'
import type { TakenEvent } from '../../../src/business/events/event-log.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import { type OpenedLog, smallLog } from './event-kit.ts'
import { flaw, flawInOne, right } from './flawed-log.ts'

export const wrongTakers: readonly Flaw<OpenedLog>[] = [
  flaw(
    'gives an event to whoever asks',
    'leaves what was taken to its taker while his lease lasts',
    right,
    { leaseMilliseconds: 0 },
  ),
  flaw(
    'keeps for ever what a dead taker had',
    'gives what a taker did not settle within the lease to another, who has it for a lease',
    right,
    { leaseMilliseconds: 1e12 },
  ),
  flaw(
    'takes for settled what was taken',
    'gives what a taker did not settle within the lease to another, who has it for a lease',
    (log) => ({
      async take(topic, limit) {
        const taken = await log.take(topic, limit)
        await log.settle(topic, taken)
        return taken
      },
    }),
  ),
  flaw(
    'gives a whole page where less is asked for',
    'gives no more than it is asked for, and the rest to the next',
    (log) => ({ take: (topic) => log.take(topic, 1_000) }),
  ),
  flaw(
    'looks first and takes after',
    'gives each of a hundred events to one of eight takers',
    () => {
      const waiting: TakenEvent[] = []
      const nextId = createEventIds(Date.now)
      return {
        async publish(event) {
          const accepted = { ...event, id: nextId() }
          waiting.push({ ...accepted, place: accepted.id })
          return accepted
        },
        async take(_, limit) {
          const seen = waiting.slice(0, limit)
          await Promise.resolve()
          waiting.splice(0, limit)
          return seen
        },
      }
    },
  ),
  flaw('has one line for all topics', 'keeps the events of each topic apart', (log) => ({
    publish: (event) => log.publish({ ...event, topic: '' }),
    take: (_, limit) => log.take('', limit),
  })),
  flaw('settles all that was taken', 'settles those that are named and no others', (log) => {
    const all: TakenEvent[] = []
    return {
      async take(topic, limit) {
        const taken = await log.take(topic, limit)
        all.push(...taken)
        return taken
      },
      settle: (topic) => log.settle(topic, all),
    }
  }),
  flaw('settles nothing', 'gives what was settled to nobody again', () => ({
    settle: async () => {},
  })),
  flaw(
    'drops the oldest where it is full',
    'refuses with 503 what is too much for a topic, files nothing of it, and takes other topics',
    (log) => ({
      async publish(event) {
        const all = await log.take(event.topic, 1_000)
        await log.settle(event.topic, all.slice(0, Math.max(0, all.length - 99)))
        return await log.publish(event)
      },
    }),
    { leaseMilliseconds: 0 },
  ),
  flaw(
    'has one bound for all topics',
    'refuses with 503 what is too much for a topic, files nothing of it, and takes other topics',
    (log) => {
      let count = 0
      return {
        async publish(event) {
          if (count++ >= smallLog.maxEvents) throw unavailable('full')
          return await log.publish(event)
        },
      }
    },
  ),
  flaw(
    'does not count what was taken',
    'counts what was taken and not settled, and has room for as many as were settled',
    (log) => {
      let untaken = 0
      return {
        async publish(event) {
          if (untaken >= smallLog.maxEvents) throw unavailable('full')
          untaken++
          return await log.publish(event)
        },
        async take(topic, limit) {
          const taken = await log.take(topic, limit)
          untaken -= taken.length
          return taken
        },
      }
    },
    { maxEvents: 1_000 },
  ),
  flawInOne(
    'numbers events by a clock of its own that lags behind',
    'gives a later event the greater id, whoever publishes it',
    (log) => {
      const nextId = createEventIds(() => 1_600_000_000_000)
      return { publish: async (event) => ({ ...(await log.publish(event)), id: nextId() }) }
    },
  ),
  flaw(
    'keeps the event that it was given',
    'keeps a copy: what becomes of the original changes nothing',
    () => {
      const kept: NewEvent[] = []
      return {
        async publish(event) {
          kept.push(event)
          return { ...event, id: '' }
        },
        take: async () => kept.map((event) => Object.assign(event, { id: '', place: '' })),
      }
    },
  ),
]
