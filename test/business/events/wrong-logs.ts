/** Logs of events with one flaw each. */
import { createEventIds } from '../../../src/business/event-ids.ts'
import type { AcceptedEvent, NewEvent } from '../../../src/business/event-port.ts'
import type { DeadLetter, EventLog, TakenEvent } from '../../../src/business/events/event-log.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import { type OpenedLog, smallLog } from './event-kit.ts'
import { openInMemory } from './open-log.ts'

type Options = Parameters<typeof openInMemory>[0]
type Spoil = (right: EventLog) => Partial<EventLog>

function flaw(
  what: string,
  isCaughtBy: string,
  spoil: Spoil,
  options: Options = {},
): Flaw<OpenedLog> {
  const open = async () => {
    const opened = openInMemory(options)
    const events = { ...opened.events, ...spoil(opened.events) }
    return { ...opened, events, elsewhere: events }
  }
  return { what, isCaughtBy, open }
}

/** The flaw is in one of two processes. */
function flawInOne(what: string, isCaughtBy: string, spoil: Spoil): Flaw<OpenedLog> {
  const open = async () => {
    const opened = openInMemory()
    return { ...opened, events: { ...opened.events, ...spoil(opened.events) } }
  }
  return { what, isCaughtBy, open }
}

const right = () => ({})

const wrongTakers: readonly Flaw<OpenedLog>[] = [
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

/** Keeps the latest payloads under names that `nameOf` makes. */
function pendingUnder(nameOf: (owner: string, about: string) => string): Spoil {
  return (log) => {
    const payloads = new Map<string, string>()
    return {
      publish(event) {
        payloads.set(nameOf(event.owner, event.about), event.payload)
        return log.publish(event)
      },
      async pending({ owner, abouts }) {
        const found = abouts.map((about) => [about, payloads.get(nameOf(owner, about))] as const)
        return new Map(found.filter((one): one is [string, string] => one[1] !== undefined))
      },
    }
  }
}

const wrongPendings: readonly Flaw<OpenedLog>[] = [
  flawInOne(
    'tells of what its own process has accepted',
    'knows at once of an event that another process has accepted',
    (log) => ({ publish: async (event) => await log.publish({ ...event, owner: 'unseen' }) }),
  ),
  flaw('tells the first of several', 'knows the latest of several about the same thing', (log) => {
    const first = new Map<string, string>()
    return {
      publish(event) {
        first.set(event.about, first.get(event.about) ?? event.payload)
        return log.publish(event)
      },
      pending: async () => first,
    }
  }),
  flaw(
    'tells everybody of everything',
    'shows nothing of other owners and topics',
    pendingUnder((_, about) => about),
  ),
  flaw(
    'joins owners and things with a colon',
    'tells owners apart whose ids run together with what the event is about',
    pendingUnder((owner, about) => `${owner}:${about}`),
  ),
  flaw(
    'forgets what was settled at once',
    'still knows of an event that was taken, and for a while of one that was settled',
    right,
    { pendingMilliseconds: 0 },
  ),
  flaw(
    'never forgets',
    'forgets an event some time after it was settled, and not one that is newer',
    right,
    { pendingMilliseconds: 1e12 },
  ),
  flaw(
    'forgets the newer event with the older one',
    'forgets an event some time after it was settled, and not one that is newer',
    (log) => {
      const latest = new Map<string, AcceptedEvent>()
      return {
        async publish(event) {
          const accepted = await log.publish(event)
          latest.set(event.about, accepted)
          return accepted
        },
        async settle(topic, events) {
          const newer = events.flatMap(({ about }) => latest.get(about) ?? [])
          const places = [...events, ...newer.map((one) => ({ ...one, place: one.id }))]
          await log.settle(topic, places)
        },
      }
    },
  ),
]

const wrongBuriers: readonly Flaw<OpenedLog>[] = [
  flaw(
    'forgets the reason',
    'keeps what was buried, whole and with the reason, and gives it to nobody',
    (log) => ({ bury: (event) => log.bury(event, '') }),
  ),
  flaw(
    'leaves what it buries where it was',
    'keeps what was buried, whole and with the reason, and gives it to nobody',
    () => {
      const letters: DeadLetter[] = []
      return {
        async bury({ place, ...event }, reason) {
          letters.push({ id: place, event, reason })
        },
        deadLetters: async () => letters,
      }
    },
  ),
  ...['buries once what two workers bury', 'buries nothing that was settled'].map((sentence) =>
    flaw('buries whatever it is given', sentence, (log) => {
      const letters: DeadLetter[] = []
      return {
        async bury(event, reason) {
          letters.push({ id: event.place, event, reason })
          await log.settle(event.topic, [event])
        },
        deadLetters: async () => letters,
      }
    }),
  ),
  flaw(
    'forgets the oldest letter where there are too many',
    'refuses to bury with 503 where there are too many dead letters, and loses neither',
    (log) => ({
      async deadLetters(page) {
        const letters = await log.deadLetters(page)
        return letters.slice(-smallLog.maxDeadLetters)
      },
    }),
    { maxDeadLetters: 100 },
  ),
  flaw(
    'begins every page with the first letter',
    'lists dead letters in their order, page by page',
    (log) => ({ deadLetters: ({ limit }) => log.deadLetters({ after: undefined, limit }) }),
  ),
  flaw(
    'replays as if it were new',
    'lets what is replayed wait again, with the id that it had, beside a newer one',
    (log) => {
      const gone = new Set<string>()
      return {
        async replay({ id, event }) {
          gone.add(id)
          await log.publish(event)
          return true
        },
        deadLetters: async (page) =>
          (await log.deadLetters(page)).filter(({ id }) => !gone.has(id)),
      }
    },
  ),
  flaw('looks first and replays after', 'replays once what two replay at once', (log) => ({
    async replay(letter) {
      const letters = await log.deadLetters({ after: undefined, limit: 100 })
      if (!letters.some(({ id }) => id === letter.id)) return false
      await log.replay(letter)
      return true
    },
  })),
  flaw(
    'takes the letter away before there is room',
    'refuses to replay with 503 where the topic is full, and keeps the letter',
    (log) => {
      const gone = new Set<string>()
      return {
        replay(letter) {
          gone.add(letter.id)
          return log.replay(letter)
        },
        deadLetters: async (page) =>
          (await log.deadLetters(page)).filter(({ id }) => !gone.has(id)),
      }
    },
  ),
  flaw(
    'replays beyond the bound',
    'refuses to replay with 503 where the topic is full, and keeps the letter',
    () => ({ replay: async () => true }),
  ),
]

export const wrongLogs = [...wrongTakers, ...wrongPendings, ...wrongBuriers]
