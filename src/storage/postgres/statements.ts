/**
 * All that is asked of Postgres about tokens, a statement for each operation: what one statement does is one step. Time
 * is the database's. Parameters that stand everywhere: `$1` the hash or hashes, `$2` the purpose.
 */

export interface Statement {
  /** By which a connection remembers how to do it. */
  readonly name: string
  readonly text: string
}

/** The tables of tokens: those that slide, and those that do not. */
export type TokenTable = 'sessions' | 'tokens'

/** The database's time, in epoch milliseconds. */
export const clock = "floor(date_part('epoch', clock_timestamp()) * 1000)::bigint"
/** The moment of a statement, as `judged.at`. */
export const judged = `judged as materialized (select ${clock} as at)`

/** True where the mark of a token's subject is another than its own. Takes columns or parameters; needs `judged`. */
export const isEnded = (token: { tag: string; purpose: string; mark: string }) => `exists (
    select from auth.marks m
    where m.subject_tag = ${token.tag} and m.purpose = ${token.purpose}
      and m.expires_at > judged.at and m.mark is distinct from ${token.mark})`
const isRowEnded = isEnded({ tag: 't.subject_tag', purpose: 't.purpose', mark: 't.mark' })

/** As `readRow` expects them. */
const columns = 't.record, t.issued_at, t.expires_at, t.cap_at, t.refresh_count, judged.at'

function statementsOf(table: TokenTable) {
  const statement = (name: string, text: string): Statement => ({ name: `${table}_${name}`, text })
  return {
    /** `$3` the subject tag, `$4` the mark, `$5` the record, `$6` the TTL, `$7` the longest life. */
    issue: statement(
      'issue',
      `with ${judged}
      insert into auth.${table} as t
        (hash, purpose, subject_tag, mark, record, issued_at, expires_at, cap_at, sweep_at)
      select $1, $2, $3, $4, $5, at, at + $6::bigint, at + $7::bigint, at + $6::bigint from judged
      where not ${isEnded({ tag: '$3', purpose: '$2', mark: '$4' })}
      returning t.record, t.issued_at, t.expires_at, t.cap_at, t.refresh_count, t.issued_at`,
    ),

    /**
     * `$3` the TTL. All rows are locked in one order before any is judged: so overlapping lists wait for one another
     * without a deadlock. A row is judged as it was when it could be locked, and by a time from after the wait. As the
     * statement found it when it began, it may be dead, though somebody else has meanwhile let it live on.
     */
    reinflate: statement(
      'reinflate',
      `with locked as materialized (
        select hash, expires_at from auth.${table}
        where hash = any($1) and purpose = $2 order by hash for update
      ), judged as materialized (
        select ${clock} as at from (select count(*) from locked) as all_of_them
      )
      update auth.${table} t
      set expires_at = greatest(t.expires_at, least(judged.at + $3::bigint, t.cap_at)),
        refresh_count = t.refresh_count + 1
      from locked, judged
      where t.hash = locked.hash and locked.expires_at > judged.at and not ${isRowEnded}
      returning t.hash, ${columns}`,
    ),

    peek: statement(
      'peek',
      `with ${judged}
      select ${columns} from auth.${table} t, judged
      where t.hash = $1 and t.purpose = $2 and t.expires_at > judged.at and not ${isRowEnded}`,
    ),

    /**
     * Removes first and judges what was removed: what seems dead may be about to live on, where somebody else reinflates
     * it at this moment, and would outlive its revocation if it were left alone.
     */
    remove: statement(
      'remove',
      `with removed as (
        delete from auth.${table} where hash = $1 and purpose = $2 returning *
      ), judged as materialized (
        select ${clock} as at from (select count(*) from removed) as all_of_them
      )
      select ${columns} from removed t, judged
      where t.expires_at > judged.at and not ${isRowEnded}`,
    ),

    /**
     * `$1` how many at most, `$2` the advisory lock. Skips rows that somebody uses. What turns out to live is looked at
     * again when it would die by now. To Postgres `limit $1` is a share of the table, for which it would read all of it:
     * so the rows are named by an array.
     */
    sweep: statement(
      'sweep',
      `with ${judged}, turn as materialized (
        select pg_try_advisory_xact_lock($2) as is_ours
      ), due as materialized (
        select hash from auth.${table}
        where sweep_at <= (select at from judged) and (select is_ours from turn)
        order by sweep_at limit $1 for update skip locked
      ), gone as (
        delete from auth.${table}
        where hash = any(array(select hash from due)) and expires_at <= (select at from judged)
        returning 1
      ), later as (
        update auth.${table} set sweep_at = expires_at
        where hash = any(array(select hash from due)) and expires_at > (select at from judged)
      )
      select (select count(*) from gone)::int, (select count(*) from due)::int`,
    ),
  }
}

export const tokenStatements = {
  sessions: statementsOf('sessions'),
  tokens: statementsOf('tokens'),
}

export const markStatements = {
  /** `$1` the subject tag, `$2` the purposes, `$3` their marks, `$4` the lives of those. */
  set: {
    name: 'marks_set',
    text: `with ${judged}
      insert into auth.marks (subject_tag, purpose, mark, expires_at)
      select $1, fresh.purpose, fresh.mark, judged.at + fresh.life
      from unnest($2::text[], $3::text[], $4::bigint[]) as fresh (purpose, mark, life), judged
      order by fresh.purpose
      on conflict (subject_tag, purpose)
      do update set mark = excluded.mark, expires_at = greatest(marks.expires_at, excluded.expires_at)`,
  },

  /** `$1` the subject tag, `$2` the purposes. */
  read: {
    name: 'marks_read',
    text: `select purpose, mark from auth.marks
      where subject_tag = $1 and purpose = any($2) and expires_at > ${clock}`,
  },

  /** `$1` how many at most, `$2` the advisory lock. */
  sweep: {
    name: 'marks_sweep',
    text: `with ${judged}, turn as materialized (
        select pg_try_advisory_xact_lock($2) as is_ours
      ), due as materialized (
        select subject_tag, purpose from auth.marks
        where expires_at <= (select at from judged) and (select is_ours from turn)
        order by expires_at limit $1 for update skip locked
      ), gone as (
        delete from auth.marks m
        where subject_tag = any(array(select subject_tag from due))
          and exists (select from due where due.subject_tag = m.subject_tag and due.purpose = m.purpose)
        returning 1
      )
      select (select count(*) from gone)::int, (select count(*) from due)::int`,
  },
} satisfies Record<string, Statement>

/** Counted where they are few. To count many takes longer than a statement may, so they are as Postgres estimates. */
export const countTokens: Statement = {
  name: 'tokens_count',
  text: `with estimated as materialized (
      select coalesce(sum(reltuples), 0) as tokens from pg_class
      where oid in ('auth.sessions'::regclass, 'auth.tokens'::regclass)
    )
    select case when tokens > 100000 then tokens::bigint else
      (select count(*) from auth.sessions) + (select count(*) from auth.tokens) end from estimated`,
}
