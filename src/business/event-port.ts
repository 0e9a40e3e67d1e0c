/**
 * Events as capabilities see them: who accepts them, and who folds them into what lasts. An event is accepted once, and
 * folded at least once, alone or with hundreds of others, in any order, perhaps by two workers at the same moment; so
 * whoever folds must end the same whatever of that happens. Types alone.
 */

/**
 * Of events of one store a later one has the greater id, compared as texts. 26 characters: milliseconds in 15 digits, a
 * hyphen, and a number within the millisecond in 10.
 */
export type EventId = string

/** What is to be accepted. Its parts are texts that somebody checked before. */
export interface NewEvent {
  /** The name of a topic. */
  readonly topic: string
  /** Who it comes from: a user's id. */
  readonly owner: string
  /** What it is about: an id. The later of two events of an owner about the same thing is the one that counts. */
  readonly about: string
  /** At most 1 KiB. */
  readonly payload: string
}

export interface AcceptedEvent extends NewEvent {
  readonly id: EventId
}

export interface Events {
  /** Files it; from then on it is not lost. Refuses with 503 where too many wait, or where the store cannot be reached. */
  publish(event: NewEvent): Promise<AcceptedEvent>
  /**
   * The payloads of the owner's latest events about each of these, where they are not folded yet or were so less than ten
   * seconds ago: who has just read what they are folded to, and then asks here, has missed none.
   */
  pending(asked: {
    readonly topic: string
    readonly owner: string
    readonly abouts: readonly string[]
  }): Promise<ReadonlyMap<string, string>>
}

/** Brought by the capability that folds the events of a topic. */
export interface Topic {
  /** Unique among all: `votes`. */
  readonly name: string
  /** Why an event can never be folded; `undefined` where it can. Without waiting. */
  problemOf(event: AcceptedEvent): string | undefined
  /** Folds all of them, or none where it rejects. Only events without a problem come. */
  fold(events: readonly AcceptedEvent[]): Promise<void>
}
