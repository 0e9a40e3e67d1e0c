/** All that analytics asks of Postgres. */
import type { Statement } from '../../storage/postgres/statements.ts'

export const activityStatements = {
  /**
   * `$1` the users, `$2` the instants. In one order, so that no two of these wait for one another. Nothing is greater
   * than what is not known: who is gone stays so.
   */
  file: {
    name: 'activity_file',
    text: `insert into business.activity as activity (usr, at)
      select usr, at from unnest($1::text[], $2::bigint[]) as gathered(usr, at)
      order by usr collate "C"
      on conflict (usr) do update set at = excluded.at where activity.at < excluded.at`,
  },

  /** `$1` the user. */
  lastOf: { name: 'activity_last_of', text: 'select at from business.activity where usr = $1' },

  /** `$1` the user. */
  forget: {
    name: 'activity_forget',
    text: `insert into business.activity (usr, at) values ($1, null)
      on conflict (usr) do update set at = null`,
  },
} satisfies Record<string, Statement>
