/**
 * Writes what was heard, in batches, behind a bounded queue: a database that is slow or away holds up nobody and fills no
 * memory. What finds no place in the queue is lost, and how much that was is an event of its own.
 */
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import { describeError, type Log } from '../../log.ts'
import type { AuditEvent, AuditLog } from './audit-log.ts'

export interface Writer {
  /** Takes the event, or counts it among the lost. Never throws, and nobody waits for it. */
  add(event: AuditEvent): void
  /** Writes what waits, and gives up where that fails. To be called once, at the end. */
  close(): Promise<void>
}

export interface WriterDependencies {
  readonly audit: Pick<AuditLog, 'append'>
  readonly clock: Clock
  readonly log: Log
  /** Default: 10,000. */
  readonly maxWaiting?: number
}

const nothing = {
  requestId: undefined,
  source: undefined,
  sub: undefined,
  actor: undefined,
  account: undefined,
  session: undefined,
  details: undefined,
}
const maxBatch = 200
const retryMilliseconds = 1_000

export function createWriter({
  audit,
  clock,
  log,
  maxWaiting = 10_000,
}: WriterDependencies): Writer {
  /** What is being written stays here until it is. */
  const waiting: AuditEvent[] = []
  let lost: AuditEvent | undefined
  let writing: Promise<void> | undefined
  let cancelRetry: (() => void) | undefined
  let isTroubled = false
  let isClosed = false

  /** Nothing but a failure comes between the last look at the queue and the end, so what is added meanwhile is seen. */
  async function write(): Promise<void> {
    try {
      await new Promise(setImmediate) // what is heard together is written together
      while (waiting.length > 0) {
        const batch = waiting.slice(0, maxBatch)
        await audit.append(batch)
        waiting.splice(0, batch.length)
        if (lost !== undefined) waiting.push(lost)
        lost = undefined
      }
      if (isTroubled) log.info('audit events are written again')
      isTroubled = false
    } catch (error) {
      const fields = { waiting: waiting.length, error: describeError(error) }
      if (!isTroubled) log.warn('audit events cannot be written and wait', fields)
      isTroubled = true
      if (!isClosed) cancelRetry = clock.after(retryMilliseconds, start)
    } finally {
      writing = undefined
    }
  }

  function start(): void {
    cancelRetry = undefined
    writing = write()
  }

  function lose({ at, until, count }: AuditEvent): void {
    lost ??= { ...nothing, id: randomUUID(), type: 'events_lost', at, until, count: 0 }
    lost = { ...lost, until, count: lost.count + count }
  }

  return {
    add(event) {
      if (waiting.length >= maxWaiting) lose(event)
      else waiting.push(event)
      if (writing === undefined && cancelRetry === undefined) start()
    },
    async close() {
      isClosed = true
      cancelRetry?.()
      await writing
      if (waiting.length > 0) start()
      await writing
      const rest = waiting.reduce((sum, { count }) => sum + count, lost?.count ?? 0)
      if (rest > 0) log.error('audit events were lost', { events: rest })
    },
  }
}
