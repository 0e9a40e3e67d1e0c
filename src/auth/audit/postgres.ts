/** The audit in Postgres. The role that auth has may insert and read, and nothing else. */
import type { Database, Row } from '../../storage/postgres/database.ts'
import type { Statement } from '../../storage/postgres/statements.ts'
import { escapeText, unescapeText } from '../../storage/postgres/text.ts'
import type { AuditEvent, AuditLog, AuditQuery, FiledEvent } from './audit-log.ts'

const columns =
  'id, type, at, until, count, request_id, source, sub, actor, account, session, details'

/** A list for each column: so an insert is one statement, however many events there are. */
const append: Statement = {
  name: 'audit_append',
  text: `insert into auth.audit_events (${columns})
    select ${columns} from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[],
      $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
      with ordinality as event (${columns}, place)
    order by place
    on conflict (id) do nothing`,
}

const repeatable = { isRepeatable: true }

export function postgresAuditLog({ database }: { database: Database }): AuditLog {
  return {
    async append(events) {
      await database.run(append, columnsOf(events.map(rowOf)), repeatable)
    },
    async list(query) {
      const { before = Number.MAX_SAFE_INTEGER, limit, type, sub } = query
      const given = [type, sub].filter((one) => one !== undefined).map(escapeText)
      const rows = await database.run(listStatement(query), [before, limit, ...given], repeatable)
      return rows.map(readEvent)
    },
  }
}

/** One for each set of conditions: a plan that is good for all of them would read the whole table. */
function listStatement({ type, sub }: AuditQuery): Statement {
  const given = Object.entries({ type, sub }).filter(([, value]) => value !== undefined)
  const conditions = given.map(([name], index) => ` and ${name} = $${index + 3}`)
  return {
    name: ['audit_list', ...given.map(([name]) => name)].join('_'),
    text: `select number, ${columns} from auth.audit_events
      where number < $1${conditions.join('')} order by number desc limit $2`,
  }
}

function rowOf(event: AuditEvent): Row {
  const { id, type, at, until, count, requestId, source, sub } = event
  const { actor, account, session, details } = event
  const texts = [requestId, source, sub, actor, account, session, details]
  return [
    ...[id, type].map(escapeText),
    ...[at, until, count],
    ...texts.map((one) => (one === undefined ? null : escapeText(one))),
  ]
}

function columnsOf(rows: readonly Row[]): unknown[][] {
  return columns.split(', ').map((_, index) => rows.map((row) => row[index]))
}

function readEvent([number, ...row]: Row): FiledEvent {
  const text = (index: number) => unescapeText(String(row[index]))
  const textIfAny = (index: number) => (row[index] === null ? undefined : text(index))
  return {
    number: Number(number),
    id: text(0),
    type: text(1),
    at: Number(row[2]),
    until: Number(row[3]),
    count: Number(row[4]),
    requestId: textIfAny(5),
    source: textIfAny(6),
    sub: textIfAny(7),
    actor: textIfAny(8),
    account: textIfAny(9),
    session: textIfAny(10),
    details: textIfAny(11),
  }
}
