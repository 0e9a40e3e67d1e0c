/** Which changes have set marks, so that none does so twice, however often it is said. */
import { judged, type Statement } from './statements.ts'

export const markChangeStatements = {
  /** Sets marks where the change has not yet. `$1` the subject tag, `$2` the purposes, `$3` their marks, `$4` the lives of those, `$5` the change. */
  set: {
    name: 'mark_changes_set',
    text: `with ${judged}, asked as materialized (
        select asked.purpose, asked.mark, judged.at + asked.life as expires_at
        from unnest($2::text[], $3::text[], $4::bigint[]) as asked (purpose, mark, life), judged
      ), fresh as (
        insert into auth.mark_changes (change_id, subject_tag, purpose, expires_at)
        select $5, $1, purpose, expires_at from asked order by purpose
        on conflict do nothing returning purpose
      )
      insert into auth.marks (subject_tag, purpose, mark, expires_at)
      select $1, asked.purpose, asked.mark, asked.expires_at from asked join fresh using (purpose)
      order by asked.purpose
      on conflict (subject_tag, purpose)
      do update set mark = excluded.mark, expires_at = greatest(marks.expires_at, excluded.expires_at)`,
  },

  /** `$1` how many at most, `$2` the advisory lock. */
  sweep: {
    name: 'mark_changes_sweep',
    text: `with ${judged}, turn as materialized (
        select pg_try_advisory_xact_lock($2) as is_ours
      ), due as materialized (
        select change_id, subject_tag, purpose from auth.mark_changes
        where expires_at <= (select at from judged) and (select is_ours from turn)
        order by expires_at limit $1 for update skip locked
      ), gone as (
        delete from auth.mark_changes c
        where change_id = any(array(select change_id from due))
          and exists (
            select from due where due.change_id = c.change_id
              and due.subject_tag = c.subject_tag and due.purpose = c.purpose)
        returning 1
      )
      select (select count(*) from gone)::int, (select count(*) from due)::int`,
  },
} satisfies Record<string, Statement>
