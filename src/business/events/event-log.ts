/** Events between those who accept them and those who fold them: a port. Each topic is a line of its own, and holds up no other. */
import type { AcceptedEvent, Events } from '../event-port.ts'

export interface TakenEvent extends AcceptedEvent {
  /** Where it waits: unique within its topic, which its id is not when it was accepted twice or replayed. */
  readonly place: string
}

/** An event that was taken out of its topic because it cannot be folded. */
export interface DeadLetter {
  readonly id: string
  readonly event: AcceptedEvent
  readonly reason: string
}

/** Faults are refusals of code `temporarily_unavailable`. What is full refuses likewise, and drops nothing to make room. */
export interface EventLog extends Events {
  /**
   * At most `limit` (1 to 1,000) events of a topic, the taker's own for the lease: new ones, and those that somebody took
   * and neither settled nor buried within it.
   */
  take(topic: string, limit: number): Promise<readonly TakenEvent[]>
  /** They were folded, and wait no more. All are of this topic, at most 1,000. Those that do not wait any more are passed over. */
  settle(topic: string, events: readonly TakenEvent[]): Promise<void>
  /** Makes a dead letter of it, in one step; does nothing where it does not wait any more. Where it rejects, the event waits on. */
  bury(event: TakenEvent, reason: string): Promise<void>
  /** Those behind the one whose id is given, or from the first on; in the order in which they were buried. */
  deadLetters(page: {
    readonly after: string | undefined
    readonly limit: number
  }): Promise<readonly DeadLetter[]>
  /**
   * Lets the event wait in its topic again, in one step, with the id that it had: what is newer still counts. `false` where
   * the letter is not there any more. Where it rejects because the topic is full, the letter stays.
   */
  replay(letter: DeadLetter): Promise<boolean>
  /** Rejects where it cannot be reached. */
  ping(): Promise<void>
}

export interface EventLogOptions {
  /** Of each topic that may wait. */
  readonly maxEvents: number
  readonly maxDeadLetters: number
  readonly leaseMilliseconds: number
  /** How long `pending` knows of an event that was settled. */
  readonly pendingMilliseconds: number
}

/** Of the pending entry of an owner about something. Texts may hold whatever would separate them. */
export function pendingName({
  topic,
  owner,
  about,
}: Pick<AcceptedEvent, 'topic' | 'owner' | 'about'>): string {
  return JSON.stringify([topic, owner, about])
}
