/** The index in Postgres, a row for each session. */
import { subjectTagOf } from '../../storage/ports.ts'
import type { Database, Row } from '../../storage/postgres/database.ts'
import { clock, type Statement } from '../../storage/postgres/statements.ts'
import type {
  IndexedSession,
  SessionIndex,
  SessionIndexOptions,
  SessionIndexSweeper,
} from './session-index.ts'

/** `$1` is the subject tag, and in `evictExpired` how many at most. Rows are locked in one order before they go. */
const statements = {
  /** `$2` the id, `$3` the hash, `$4` the source, `$5` the life. */
  add: {
    name: 'session_index_add',
    text: `insert into auth.session_index (subject_tag, id, hash, source, expires_at)
      values ($1, $2, $3, $4, ${clock} + $5::bigint) on conflict do nothing`,
  },
  list: {
    name: 'session_index_list',
    text: 'select id, hash, source from auth.session_index where subject_tag = $1',
  },
  /** `$2` the ids. */
  remove: {
    name: 'session_index_remove',
    text: `with locked as materialized (
        select id from auth.session_index
        where subject_tag = $1 and id = any($2) order by id for update
      )
      delete from auth.session_index
      where subject_tag = $1 and id = any(array(select id from locked))`,
  },
  evictExpired: {
    name: 'session_index_evict_expired',
    text: `with due as materialized (
        select subject_tag, id from auth.session_index
        where expires_at <= ${clock} order by expires_at limit $1 for update skip locked
      )
      delete from auth.session_index i using due
      where i.subject_tag = due.subject_tag and i.id = due.id`,
  },
} satisfies Record<string, Statement>

const repeatable = { isRepeatable: true }

export interface PostgresSessionIndexOptions extends SessionIndexOptions {
  readonly database: Database
}

export function postgresSessionIndex({
  database,
  lifeSeconds,
}: PostgresSessionIndexOptions): SessionIndex & SessionIndexSweeper {
  return {
    async add(sub, { id, hash, source }) {
      const values = [subjectTagOf(sub), id, hash, source, lifeSeconds * 1000]
      await database.run(statements.add, values, repeatable)
    },
    async list(sub) {
      const rows = await database.run(statements.list, [subjectTagOf(sub)], repeatable)
      return rows.map(readRow)
    },
    async remove(sub, ids) {
      await database.run(statements.remove, [subjectTagOf(sub), ids], repeatable)
    },
    async evictExpired(limit) {
      await database.run(statements.evictExpired, [limit], repeatable)
    },
  }
}

function readRow(row: Row): IndexedSession {
  const [id, hash, source] = row as readonly [
    IndexedSession['id'],
    IndexedSession['hash'],
    IndexedSession['source'],
  ] // as `add` wrote it
  return { id, hash, source }
}
