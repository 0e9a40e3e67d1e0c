/** Topics that tests look at, and workers that fold them until the test ends. */
import type { TestContext } from 'node:test'
import type { AcceptedEvent, Topic } from '../../../src/business/event-port.ts'
import type { EventLog } from '../../../src/business/events/event-log.ts'
import { createFolding, type FoldingDependencies } from '../../../src/business/events/work.ts'
import { systemClock } from '../../../src/clock.ts'
import { type RecordedLog, recordedLog } from '../../kit/log.ts'

export interface WatchedTopic extends Topic {
  /** What each call of `fold` got, the rejected ones too. */
  readonly folds: (readonly AcceptedEvent[])[]
  /** The things that the resolved ones were about, each as often as it came. */
  folded(): readonly string[]
}

export interface TopicOptions {
  readonly name?: string
  readonly problemOf?: Topic['problemOf']
  /** By default it resolves. */
  readonly fold?: Topic['fold']
}

export function watchedTopic(options: TopicOptions = {}): WatchedTopic {
  const { name = 'votes', problemOf = () => undefined, fold = async () => {} } = options
  const folds: (readonly AcceptedEvent[])[] = []
  const folded: string[] = []
  return {
    name,
    problemOf,
    async fold(events) {
      folds.push(events)
      await fold(events)
      folded.push(...events.map(({ about }) => about))
    },
    folds,
    folded: () => folded,
  }
}

/** A topic whose fold rejects when it is given an event about `poison`. */
export function brittleTopic(fields: { readonly name?: string } = {}): WatchedTopic {
  return watchedTopic({
    ...fields,
    async fold(events) {
      if (events.some(({ about }) => about === 'poison'))
        throw new TypeError('of this kind is none')
    },
  })
}

export interface StartedFolding {
  readonly log: RecordedLog
  readonly stop: () => Promise<void>
}

/** It looks again every 5 ms, unless told otherwise. */
export function startFolding(
  t: TestContext,
  events: EventLog,
  topics: readonly Topic[],
  options: Partial<FoldingDependencies> = {},
): StartedFolding {
  const log = recordedLog()
  const dependencies = { clock: systemClock, log, intervalMilliseconds: 5, isAlone: false }
  const all = { ...dependencies, events, topics: () => topics, ...options }
  const stop = createFolding(all)() as () => Promise<void>
  t.after(stop)
  return { log, stop }
}
