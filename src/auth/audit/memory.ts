/** The audit in the memory of one process, for the demo: the last events, until it ends. */
import type { AuditEvent, AuditLog, FiledEvent } from './audit-log.ts'

export function memoryAuditLog({ maxEvents }: { maxEvents: number }): AuditLog {
  /** By their ids, the first filed first. */
  const filed = new Map<string, FiledEvent>()
  let last = 0

  function file(event: AuditEvent): void {
    if (filed.has(event.id)) return
    filed.set(event.id, { ...event, number: ++last })
    if (filed.size <= maxEvents) return
    for (const oldest of filed.keys()) {
      filed.delete(oldest)
      break
    }
  }

  return {
    async append(events) {
      events.forEach(file)
    },
    async list({ before = Number.POSITIVE_INFINITY, limit, type, sub }) {
      return [...filed.values()]
        .filter((one) => one.number < before)
        .filter((one) => type === undefined || one.type === type)
        .filter((one) => sub === undefined || one.sub === sub)
        .slice(-limit)
        .reverse()
        .map((one) => ({ ...one }))
    },
  }
}
