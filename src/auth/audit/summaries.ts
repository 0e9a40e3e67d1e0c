/**
 * Repeated failures as one event each: those of one type, of one account and from one source. A stranger who brings ever
 * new names, or ever new addresses, fills no memory: what finds no place is summed up by its source, and then by its type.
 */
import type { AuditEvent } from './audit-log.ts'

export interface Summaries {
  add(event: AuditEvent): void
  /** What was added since the last time. */
  takeAll(): readonly AuditEvent[]
}

type Groups = Map<string, AuditEvent>

/** `maxGroups` of accounts, and as many of sources. */
export function createSummaries({ maxGroups }: { maxGroups: number }): Summaries {
  const byAccount: Groups = new Map()
  const bySource: Groups = new Map()
  /** As many as there are types, all of which are ours. */
  const byType: Groups = new Map()

  return {
    add(event) {
      const { type, source, sub, actor, account } = event
      const ofSource = { ...common(event), sub: undefined, actor: undefined, account: undefined }
      const ofType = { ...ofSource, source: undefined }
      const isAdded =
        addTo(byAccount, [type, source, sub, actor, account], event, maxGroups) ||
        addTo(bySource, [type, source], ofSource, maxGroups)
      if (!isAdded) addTo(byType, [type], ofType, Number.POSITIVE_INFINITY)
    },
    takeAll() {
      const all = [byAccount, bySource, byType].flatMap((groups) => [...groups.values()])
      for (const groups of [byAccount, bySource, byType]) groups.clear()
      return all
    },
  }
}

/** `false` where there is no place. */
function addTo(
  groups: Groups,
  key: readonly (string | undefined)[],
  event: AuditEvent,
  maxGroups: number,
): boolean {
  const name = JSON.stringify(key)
  const known = groups.get(name)
  if (known === undefined && groups.size >= maxGroups) return false
  groups.set(name, known === undefined ? event : together(known, event))
  return true
}

function together(first: AuditEvent, { until, count }: AuditEvent): AuditEvent {
  return { ...common(first), until, count: first.count + count }
}

/** What is true of several. */
function common(event: AuditEvent): AuditEvent {
  return { ...event, requestId: undefined, session: undefined, details: undefined }
}
