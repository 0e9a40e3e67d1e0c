/** `GET /admin/audit`: what happened, the last first, a page at a time. */
import { endpoint } from '../../http/endpoint.ts'
import { anything, count, listOf, numeral, object, optional, text } from '../../http/shape.ts'
import { checkAdministrator } from '../check-administrator.ts'
import type { SessionDependencies } from '../check-session.ts'
import type { AuditLog, FiledEvent } from './audit-log.ts'

const maxPage = 500

const query = object({
  before: optional(numeral({ least: 1, most: Number.MAX_SAFE_INTEGER })),
  limit: optional(numeral({ least: 1, most: maxPage })),
  type: optional(text({ maxLength: 256 })),
  sub: optional(text({ maxLength: 256 })),
})

const shownEvent = object({
  id: text(),
  type: text(),
  /** Unix seconds. */
  at: count(),
  /** Unix seconds. */
  until: count(),
  count: count(),
  request_id: optional(text()),
  source: optional(text()),
  sub: optional(text()),
  actor: optional(text()),
  account: optional(text()),
  session: optional(text()),
  details: optional(anything()),
})

const page = object({
  events: listOf(shownEvent, { maxItems: maxPage }),
  /** The `before` of the next page; missing at the end. */
  next: optional(count()),
})

export interface ShowAuditDependencies extends SessionDependencies {
  readonly audit: Pick<AuditLog, 'list'>
}

export function showAudit({ audit, ...dependencies }: ShowAuditDependencies) {
  return endpoint({
    summary: 'Show what happened, the last first',
    access: 'user',
    refusals: ['insufficient_scope'],
    query,
    answers: { 200: page },
  }).handle(async (call) => {
    await checkAdministrator(dependencies, call)
    const { limit = 100, ...filter } = call.query()
    const found = await audit.list({ ...filter, limit: limit + 1 })
    const events = found.slice(0, limit)
    const next = found.length > limit ? events.at(-1)?.number : undefined
    return { status: 200, body: { events: events.map(show), next } }
  })
}

function show({ at, until, requestId, details, number: _number, ...rest }: FiledEvent) {
  return {
    ...rest,
    at: Math.floor(at / 1000),
    until: Math.floor(until / 1000),
    request_id: requestId,
    details: details === undefined ? undefined : (JSON.parse(details) as unknown), // written by us
  }
}
