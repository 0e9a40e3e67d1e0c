/** Events in Redis, for as many processes as there are. All keys share a hash tag, so each step finds them in one slot. */
import { unavailable } from '../../http/refusal.ts'
import type { ScriptRunner } from '../../storage/redis/runner.ts'
import { eventIdOf } from '../event-ids.ts'
import type { AcceptedEvent, EventId } from '../event-port.ts'
import { type EventLog, type EventLogOptions, pendingName, type TakenEvent } from './event-log.ts'
import * as scripts from './scripts.ts'

export interface RedisEventLogOptions extends EventLogOptions {
  readonly runner: ScriptRunner
}

const prefix = 'sallyport:business:{events}:'
const lettersKey = `${prefix}dead`
const topicKey = (topic: string) => `${prefix}topic:${topic}`
const pendingKey = (event: Parameters<typeof pendingName>[0]) =>
  `${prefix}pending:${pendingName(event)}`

export function redisEventLog({
  runner,
  maxEvents,
  maxDeadLetters,
  leaseMilliseconds,
  pendingMilliseconds,
}: RedisEventLogOptions): EventLog {
  return {
    async publish({ topic, owner, about, payload }) {
      const event = { topic, owner, about, payload }
      const place = await runner.run({
        script: scripts.publish,
        keys: [topicKey(topic), pendingKey(event)],
        args: [String(maxEvents), owner, about, payload],
        isRepeatable: true, // who folds it twice has folded it once
      })
      if (place === null) throw unavailable('Too many events wait.')
      return { ...event, id: idAt(place as string) } // as the script answers
    },

    async pending({ topic, owner, abouts }) {
      if (abouts.length === 0) return new Map()
      const keys = abouts.map((about) => pendingKey({ topic, owner, about }))
      const answer = await runner.run({ script: scripts.pending, keys, isRepeatable: true })
      const entries = answer as readonly (string | null)[] // one for each key
      const found = abouts.map((about, index) => [about, entries[index]?.slice(idLength)] as const)
      return new Map(found.filter((one): one is [string, string] => one[1] !== undefined))
    },

    async take(topic, limit) {
      const answer = await runner.run({
        script: scripts.take,
        keys: [topicKey(topic)],
        args: [String(leaseMilliseconds), String(limit)],
        isRepeatable: true, // what a lost answer named is taken again after the lease
      })
      return (answer as readonly Entry[]).map(([place, fields]) => {
        const { id = idAt(place), ...rest } = readFields(fields)
        return { topic, ...rest, id, place }
      })
    },

    async settle(topic, events) {
      if (events.length === 0) return
      await runner.run({
        script: scripts.settle,
        keys: [topicKey(topic), ...events.map(pendingKey)],
        args: [
          String(pendingMilliseconds),
          ...events.map(({ place }) => place),
          ...events.map(({ id }) => id),
        ],
        isRepeatable: true,
      })
    },

    async bury({ place, ...event }, reason) {
      const fields = ['topic', event.topic, ...writeFields(event), 'reason', reason]
      const answer = await runner.run({
        script: scripts.bury,
        keys: [topicKey(event.topic), pendingKey(event), lettersKey],
        args: [String(pendingMilliseconds), place, event.id, String(maxDeadLetters), ...fields],
        isRepeatable: true,
      })
      if (answer === null) throw unavailable('Too many events are dead letters.')
    },

    async deadLetters({ after, limit }) {
      const answer = await runner.run({
        script: scripts.deadLetters,
        keys: [lettersKey],
        args: [after === undefined ? '-' : `(${after}`, String(limit)],
        isRepeatable: true,
      })
      return (answer as readonly Entry[]).map(([letter, fields]) => {
        const { reason = '', topic = '', id = '', ...rest } = readFields(fields)
        return { id: letter, event: { topic, ...rest, id }, reason }
      })
    },

    async replay({ id, event }) {
      const answer = await runner.run({
        script: scripts.replay,
        keys: [lettersKey, topicKey(event.topic)],
        args: [id, String(maxEvents), ...writeFields(event)],
        isRepeatable: false, // the second time it would be gone
      })
      if (answer === 'full') throw unavailable('Too many events wait.')
      return answer === 'replayed'
    },

    async ping() {
      await runner.run({ script: scripts.ping, keys: [lettersKey], isRepeatable: true })
    },
  }
}

/** Of a stream. */
type Entry = readonly [place: string, fields: readonly string[]]

interface Fields extends Pick<TakenEvent, 'owner' | 'about' | 'payload'> {
  readonly id?: EventId
  readonly topic?: string
  readonly reason?: string
}

function writeFields({ owner, about, payload, id }: AcceptedEvent): readonly string[] {
  return ['owner', owner, 'about', about, 'payload', payload, 'id', id]
}

function readFields(fields: readonly string[]): Fields {
  const pairs = fields.flatMap((name, index) =>
    index % 2 === 0 ? [[name, fields[index + 1]] as const] : [],
  )
  return Object.fromEntries(pairs) as unknown as Fields // as the scripts wrote them
}

const idLength = eventIdOf(0, 0).length

/** The id of an event that was accepted there. */
function idAt(place: string): EventId {
  const [millisecond = 0, number = 0] = place.split('-').map(Number)
  return eventIdOf(millisecond, number)
}
