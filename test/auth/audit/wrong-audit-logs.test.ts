import { describe } from 'node:test'
import type { AuditEvent, AuditLog, FiledEvent } from '../../../src/auth/audit/audit-log.ts'
import { memoryAuditLog } from '../../../src/auth/audit/memory.ts'
import { type Flaw, itNotices } from '../../storage/wrong-store.ts'
import { auditLogCases, type OpenedAudit } from './audit-log-contract.ts'

function flaw(
  what: string,
  isCaughtBy: string,
  spoil: (right: AuditLog) => Partial<AuditLog>,
): Flaw<OpenedAudit> {
  const open = async () => {
    const right = memoryAuditLog({ maxEvents: 1_000 })
    return { audit: { ...right, ...spoil(right) } }
  }
  return { what, isCaughtBy, open }
}

const everything = { limit: 1_000 }

/** Files whatever it gets, under ids of its own. */
function withoutIds(right: AuditLog): AuditLog['append'] {
  let filed = 0
  return (events) =>
    right.append(events.map((event) => ({ ...event, id: `${event.id} ${++filed}` })))
}

const flaws = [
  flaw('lists the first first', 'lists what was filed, whole, the last first', (right) => ({
    list: async (query) => [...(await right.list(query))].reverse(),
  })),
  flaw('forgets who did it', 'lists what was filed, whole, the last first', (right) => ({
    append: (events) => right.append(events.map((event) => ({ ...event, actor: undefined }))),
  })),
  flaw('keeps what it was given instead of a copy', 'keeps copies and answers with copies', () => {
    const filed: AuditEvent[] = []
    return {
      append: async (events) => void filed.push(...events),
      list: async ({ type }) =>
        filed
          .filter((one) => one.type === type || type === undefined)
          .map((one, number): FiledEvent => ({ ...one, number })),
    }
  }),
  flaw('answers with its own records', 'keeps copies and answers with copies', (right) => {
    let own: readonly FiledEvent[] | undefined
    return {
      list: async ({ type }) => {
        own ??= await right.list(everything)
        return own.filter((one) => one.type === type || type === undefined)
      },
    }
  }),
  flaw(
    'keeps an event as often as it is appended',
    'keeps an event that is appended twice once, as it was',
    (right) => ({ append: withoutIds(right) }),
  ),
  flaw(
    'replaces an event that is appended again',
    'keeps an event that is appended twice once, as it was',
    (right) => {
      const latest = new Map<string, AuditEvent>()
      return {
        append: async (events) => {
          for (const event of events) latest.set(event.id, event)
          await right.append(events)
        },
        list: async (query) =>
          (await right.list(query)).map((one) => ({ ...one, ...latest.get(one.id) })),
      }
    },
  ),
  flaw(
    'looks first which events it has and files the others after',
    'keeps each event once that 16 simultaneous writers append',
    (right) => {
      const append = withoutIds(right)
      const known = new Set<string>()
      return {
        append: async (events) => {
          const fresh = events.filter(({ id }) => !known.has(id))
          await Promise.resolve()
          for (const { id } of fresh) known.add(id)
          await append(fresh)
        },
        list: async (query) =>
          (await right.list(query)).map((one) => ({ ...one, id: one.id.slice(0, 36) })),
      }
    },
  ),
  flaw(
    'gives the last of one page on the next one again',
    'gives each event on one page, in order',
    (right) => ({
      list: ({ before, ...rest }) =>
        right.list({ ...rest, before: before === undefined ? undefined : before + 1 }),
    }),
  ),
  flaw(
    'takes one condition only',
    'lists those of one type, of one subject, and of both',
    (right) => ({
      list: ({ sub, ...query }) => right.list(query.type === undefined ? { ...query, sub } : query),
    }),
  ),
  flaw(
    'looks at the last only',
    'lists the last of those that are asked for, not those among the last',
    (right) => ({
      list: async ({ type, ...query }) =>
        (await right.list(query)).filter((one) => type === undefined || one.type === type),
    }),
  ),
]

describe('the contract of the audit log', () => {
  for (const one of flaws) itNotices(one, auditLogCases)
})
