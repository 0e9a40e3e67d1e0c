/**
 * All that is asked of Postgres about refresh families. What one statement does is one step; time is the database's.
 * Parameters that stand everywhere: `$1` the id or ids, `$2` the subject tag or tags, `$3` the name of the purpose.
 */
import { censusStatement } from '../../storage/postgres/census.ts'
import { clock, isEnded, judged, type Statement } from '../../storage/postgres/statements.ts'

const table = 'auth.refresh_families'
/** As `readRow` expects them. */
const columns =
  'f.record, f.token_hash, f.issued_at, f.rotated_at, f.expires_at, f.rotations, judged.at'
const isAliveUnder = (purpose: string) =>
  `f.expires_at > judged.at and not ${isEnded({ tag: 'f.subject_tag', purpose, mark: 'f.mark' })}`
const isAlive = isAliveUnder('$3')

export const familyStatements = {
  /**
   * `$4` the mark, `$5` the hash, `$6` the record, `$7` the life, `$8` how many others the subject may have. Those of
   * logins at the same moment are not seen: the next login finds them.
   */
  open: {
    name: 'refresh_families_open',
    text: `with now as materialized (select ${clock} as at),
      judged as materialized (
        select at from now as judged
        where not ${isEnded({ tag: '$2', purpose: '$3', mark: '$4' })}
      ), others as materialized (
        select f.id, f.rotated_at, (${isAlive}) as is_alive
        from ${table} f, judged where f.subject_tag = $2
      ), gone as (
        delete from ${table} where id = any(array(
          select id from others where not is_alive union all
          (select id from others where is_alive order by rotated_at desc, id offset $8::bigint)))
      )
      insert into ${table} as f
        (id, subject_tag, mark, token_hash, record, issued_at, rotated_at, expires_at)
      select $1, $2, $4, $5, $6, at, at, at + $7::bigint from judged
      returning f.record, f.token_hash, f.issued_at, f.issued_at, f.expires_at, f.rotations, f.issued_at`,
  },

  /**
   * `$4` the hash that was presented, `$5` the next, `$6` the sealed answer, `$7` the window. The row is judged as it was
   * when it could be locked, and by a time from after the wait.
   */
  rotate: {
    name: 'refresh_families_rotate',
    text: `with f as materialized (
        select * from ${table} where id = $1 and subject_tag = $2 for update
      ), judged as materialized (
        select ${clock} as at from (select count(*) from f) as all_of_them
      ), found as materialized (
        select f.id, f.answer, ${columns}, case
          when f.token_hash = $4 then 'rotated'
          when f.previous_hash = $4 and f.answer_closes_at > judged.at then 'repeat'
          else 'reused' end as kind
        from f, judged where ${isAlive}
      ), rotated as (
        update ${table} t
        set token_hash = $5, previous_hash = $4, rotated_at = found.at, rotations = found.rotations + 1,
          answer = case when $7::bigint > 0 then $6::text end,
          answer_closes_at = case when $7::bigint > 0 then found.at + $7::bigint end
        from found where t.id = found.id and found.kind = 'rotated'
      ), killed as (
        delete from ${table} t using found where t.id = found.id and found.kind = 'reused'
      )
      select kind, answer, record, token_hash, issued_at, rotated_at, expires_at, rotations, at from found`,
  },

  peek: {
    name: 'refresh_families_peek',
    text: `with ${judged}
      select asked.place::int, ${columns}
      from unnest($1::text[], $2::text[]) with ordinality as asked (id, subject_tag, place)
      join ${table} f using (id, subject_tag), judged where ${isAlive}`,
  },

  /** `$1` the subject tag, `$2` the name of the purpose. */
  list: {
    name: 'refresh_families_list',
    text: `with ${judged}
      select ${columns} from ${table} f, judged
      where f.subject_tag = $1 and ${isAliveUnder('$2')}`,
  },

  /** Removes first and judges what was removed: somebody may rotate it at this moment. */
  kill: {
    name: 'refresh_families_kill',
    text: `with f as (
        delete from ${table} where id = $1 and subject_tag = $2 returning *
      ), judged as materialized (
        select ${clock} as at from (select count(*) from f) as all_of_them
      )
      select ${columns} from f, judged where ${isAlive}`,
  },

  /** `$1` how many at most. Skips rows that somebody uses. The rows are named by an array, as in the sweep of tokens. */
  evict: {
    name: 'refresh_families_evict',
    text: `with due as materialized (
        select id from ${table} where expires_at <= ${clock}
        order by expires_at limit $1 for update skip locked
      ), gone as (
        delete from ${table} where id = any(array(select id from due)) returning 1
      )
      select (select count(*) from gone)::int`,
  },

  /** `$1` how many at most. */
  erase: {
    name: 'refresh_families_erase',
    text: `with due as materialized (
        select id from ${table} where answer is not null and answer_closes_at <= ${clock}
        order by answer_closes_at limit $1 for update skip locked
      ), erased as (
        update ${table} set answer = null, answer_closes_at = null
        where id = any(array(select id from due)) returning 1
      )
      select (select count(*) from erased)::int`,
  },
} satisfies Record<string, Statement>

/** `$2` the name of the purpose. Reads the whole table, where that is small. */
export const census = censusStatement('refresh_families_census', [{ table, purpose: '$2::text' }])
