/**
 * The work of folding: each topic has a loop of its own, so that one whose store is away keeps no other waiting. What was
 * taken is kept in hand until it is settled; should that take longer than the lease, another worker folds it too, which is
 * what topics are made for.
 */
import type { Clock } from '../../clock.ts'
import { describeError, type Log } from '../../log.ts'
import type { Job } from '../../periodic-job.ts'
import type { Topic } from '../event-port.ts'
import type { EventLog, TakenEvent } from './event-log.ts'
import { batchSize, createFoldBatch } from './fold-batch.ts'

export interface FoldingDependencies {
  readonly events: EventLog
  /** Complete when the work starts. */
  readonly topics: () => readonly Topic[]
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
  readonly intervalMilliseconds: number
  /** Whether it ends only when nothing waits any more, because nobody else would fold it. */
  readonly isAlone: boolean
}

/** Between two tries where one failed. In milliseconds. */
const pauses = { least: 100, most: 2_000 }

export function createFolding(dependencies: FoldingDependencies): Job {
  return () => {
    const topics = dependencies.topics()
    const names = topics.map(({ name }) => name)
    if (new Set(names).size < names.length) throw new TypeError('two topics have one name')
    const stops = topics.map((topic) => startTopic(topic, dependencies))
    return async () => {
      await Promise.all(stops.map((stop) => stop()))
    }
  }
}

function startTopic(topic: Topic, dependencies: FoldingDependencies): () => Promise<void> {
  const { events, clock, log, intervalMilliseconds, isAlone } = dependencies
  const foldBatch = createFoldBatch({ events, topic, log })
  const inHand = new Set<TakenEvent>()
  let failures = 0
  let isStopped = false
  let endPause = () => {}
  const ended = run()

  async function run(): Promise<void> {
    while (!isStopped) {
      const hasMore = await tryBatch()
      if (hasMore) await new Promise(setImmediate)
      else if (failures === 0) await pause(intervalMilliseconds)
      else await pause(Math.min(pauses.least * 2 ** failures, pauses.most))
    }
    while (isAlone && (await tryBatch()));
  }

  /** Whether there is more to be done at once. Never rejects. */
  async function tryBatch(): Promise<boolean> {
    try {
      if (inHand.size === 0)
        for (const event of await events.take(topic.name, batchSize)) inHand.add(event)
      const isFull = inHand.size === batchSize
      await foldBatch(inHand)
      if (failures > 0) log.info('events are folded again', { topic: topic.name })
      failures = 0
      return isFull
    } catch (error) {
      const fields = { topic: topic.name, error: describeError(error) }
      if (failures === 0) log.warn('events cannot be folded now, and wait', fields)
      failures++
      return false
    }
  }

  async function pause(milliseconds: number): Promise<void> {
    if (isStopped) return
    await new Promise<void>((resolve) => {
      const cancel = clock.after(milliseconds, resolve)
      endPause = () => {
        cancel()
        resolve()
      }
    })
  }

  return async () => {
    isStopped = true
    endPause()
    await ended
  }
}
