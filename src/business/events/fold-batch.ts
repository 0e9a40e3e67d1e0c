/**
 * Folds what was taken of a topic, so that an event which cannot be folded keeps none of the others waiting. One that its
 * topic finds fault with is buried. Where a fold fails, its events are folded in halves, and so on, until the one is found
 * that fails alone; that one is tried again each time it is taken, by itself, and buried when it has failed often enough.
 *
 * A fold that rejects with a 503 says that its store is away, and nothing of its events. But a store may say so of a
 * statement that it dislikes: so the next tries are with fewer and fewer of them, and one for which it goes on to say so
 * alone is left aside for the lease; it is never buried.
 *
 * An event is settled only after its fold has resolved.
 */
import { Refusal } from '../../http/refusal.ts'
import { describeError, type Log } from '../../log.ts'
import type { Topic } from '../event-port.ts'
import type { EventLog, TakenEvent } from './event-log.ts'

export interface FoldBatchDependencies {
  readonly events: EventLog
  readonly topic: Topic
  readonly log: Log
}

/**
 * Takes each event off the batch that was settled or buried, or is left until its lease has passed. Rejects where the store
 * is away: then the others are still in it.
 */
export type FoldBatch = (batch: Set<TakenEvent>) => Promise<void>

/** How many are folded together. */
export const batchSize = 500
/** How often an event may fail alone. */
const maxFailures = 5
const maxSuspects = 10_000
const longestReason = 500

export function createFoldBatch({ events, topic, log }: FoldBatchDependencies): FoldBatch {
  /** How often events have failed alone, by their places. A 503 does not count. */
  const failures = new Map<string, number>()
  let most = batchSize
  /** How often in a row the store was away. */
  let refusals = 0

  async function foldInParts(all: readonly TakenEvent[], batch: Set<TakenEvent>): Promise<void> {
    for (let first = 0; first < all.length; ) {
      const some = all.slice(first, first + most)
      first += some.length
      try {
        await fold(some, batch)
        most = Math.min(2 * most, batchSize)
        refusals = 0
      } catch (error) {
        const [only, ...others] = some
        most = Math.max(1, some.length >> 1)
        refusals++
        const isAlone = only !== undefined && others.length === 0
        if (isAlone && refusals > maxFailures) suspect(only, 0, batch)
        throw error
      }
    }
  }

  /** From now on it is tried by itself. */
  function suspect(event: TakenEvent, count: number, batch: Set<TakenEvent>): void {
    if (failures.size >= maxSuspects) failures.clear()
    failures.set(event.place, count)
    batch.delete(event)
  }

  async function fold(some: readonly TakenEvent[], batch: Set<TakenEvent>): Promise<void> {
    const [only] = some
    if (only === undefined) return
    try {
      await topic.fold(some)
    } catch (error) {
      if (isUnavailable(error)) throw error
      if (some.length === 1) return await countFailure(only, error, batch)
      const middle = some.length >> 1
      await fold(some.slice(0, middle), batch)
      return await fold(some.slice(middle), batch)
    }
    await events.settle(topic.name, some)
    for (const event of some) {
      failures.delete(event.place)
      batch.delete(event)
    }
  }

  async function countFailure(
    event: TakenEvent,
    error: unknown,
    batch: Set<TakenEvent>,
  ): Promise<void> {
    const count = (failures.get(event.place) ?? 0) + 1
    if (count >= maxFailures) {
      await bury(event, `its fold failed: ${messageOf(error)}`, batch)
      return
    }
    suspect(event, count, batch)
    const fields = { ...fieldsOf(event), failures: count, error: describeError(error) }
    log.warn('an event could not be folded, and will be tried again', fields)
  }

  /** One for which there is no room now is left until its lease has passed. */
  async function bury(
    event: TakenEvent,
    reason: string,
    batch: Set<TakenEvent>,
  ): Promise<'buried' | 'left'> {
    batch.delete(event)
    const short = reason.slice(0, longestReason)
    const fields = { ...fieldsOf(event), reason: short }
    try {
      await events.bury(event, short)
    } catch (error) {
      const cause = describeError(error)
      log.error('an event cannot be folded, nor buried now', { ...fields, error: cause })
      return 'left'
    }
    failures.delete(event.place)
    log.error('an event became a dead letter', fields)
    return 'buried'
  }

  function problemOf(event: TakenEvent): string | undefined {
    try {
      return topic.problemOf(event)
    } catch (error) {
      return `it could not be checked: ${messageOf(error)}`
    }
  }

  return async (batch) => {
    const judged = [...batch].map((event) => ({ event, problem: problemOf(event) }))
    const sound = judged.filter(({ problem }) => problem === undefined).map(({ event }) => event)
    const [suspects, others] = split(sound, ({ place }) => failures.has(place))
    await foldInParts(others, batch)
    for (const event of suspects) {
      try {
        await fold([event], batch)
      } catch (error) {
        const fields = { ...fieldsOf(event), error: describeError(error) }
        log.warn('an event could not be folded, and will be tried again', fields)
      }
    }
    for (const { event, problem } of judged) {
      if (problem === undefined) continue
      const outcome = await bury(event, problem, batch)
      if (outcome === 'left') break
    }
    batch.clear()
  }
}

function split<T>(all: readonly T[], isOf: (one: T) => boolean): readonly [T[], T[]] {
  return [all.filter(isOf), all.filter((one) => !isOf(one))]
}

function isUnavailable(error: unknown): boolean {
  return error instanceof Refusal && error.status === 503
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : `thrown: ${typeof error}`
}

function fieldsOf({ topic, id }: TakenEvent) {
  return { topic, event: id }
}
