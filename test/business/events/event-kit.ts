/** What the cases of the contract of the log of events share. */
import type { AcceptedEvent, Events, NewEvent } from '../../../src/business/event-port.ts'
import type {
  DeadLetter,
  EventLog,
  EventLogOptions,
  TakenEvent,
} from '../../../src/business/events/event-log.ts'
import type { Case } from '../../storage/contract.ts'

export interface OpenedLog {
  readonly events: EventLog
  /** The same events, as another process sees them. */
  readonly elsewhere: EventLog
  /** Lets real or manual time pass, a little more than that. */
  readonly pass: (milliseconds: number) => Promise<void>
}

export type LogCase = Case<OpenedLog>

/** Short enough to be waited for, and longer than two calls take on a busy machine. */
export const smallLog: EventLogOptions = {
  maxEvents: 100,
  maxDeadLetters: 5,
  leaseMilliseconds: 1_500,
  pendingMilliseconds: 1_500,
}

export function newEvent(fields: Partial<NewEvent> = {}): NewEvent {
  return { topic: 'votes', owner: 'ada', about: 'post', payload: 'like', ...fields }
}

/** Of one topic and owner, each about something else. */
export function newEvents(count: number): readonly NewEvent[] {
  return Array.from({ length: count }, (_, index) => newEvent({ about: `post-${index}` }))
}

export async function publishAll(
  events: EventLog,
  some: readonly NewEvent[],
): Promise<readonly AcceptedEvent[]> {
  return await Promise.all(some.map((one) => events.publish(one)))
}

/** Many, a few hundred at a time. */
export async function publishInParts(
  events: EventLog,
  some: readonly NewEvent[],
): Promise<readonly AcceptedEvent[]> {
  const accepted: AcceptedEvent[] = []
  for (let first = 0; first < some.length; first += 500)
    accepted.push(...(await publishAll(events, some.slice(first, first + 500))))
  return accepted
}

/** Publishes one and takes it. */
export async function takeFresh(
  { events }: Pick<OpenedLog, 'events'>,
  fields: Partial<NewEvent> = {},
): Promise<TakenEvent> {
  const { topic } = await events.publish(newEvent(fields))
  return (await events.take(topic, 1))[0] ?? fail('nothing was there to be taken')
}

/** Without their places. */
export function acceptedOf(taken: readonly TakenEvent[]): readonly AcceptedEvent[] {
  return taken.map(({ topic, owner, about, payload, id }) => ({
    topic,
    owner,
    about,
    payload,
    id,
  }))
}

export async function lettersOf(events: EventLog): Promise<readonly DeadLetter[]> {
  return await events.deadLetters({ after: undefined, limit: 100 })
}

export async function pendingOf(
  events: Events,
  ...abouts: readonly string[]
): Promise<Record<string, string>> {
  return Object.fromEntries(await events.pending({ topic: 'votes', owner: 'ada', abouts }))
}

export function aboutsOf(events: readonly NewEvent[]): readonly string[] {
  return events.map(({ about }) => about).sort()
}

function fail(message: string): never {
  throw new TypeError(message)
}
