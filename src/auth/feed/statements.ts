/** All that the feed asks of Postgres. Time is the database's. */
import { clock, type Statement } from '../../storage/postgres/statements.ts'

export const feedStatements = {
  /** `$1` the type, `$2` the subject, `$3` the name, `$4` the time. */
  add: {
    name: 'feed_add',
    text: `with feed as (
        insert into auth.account_feed as feed (last) values (1)
        on conflict (is_only) do update set last = feed.last + 1
        returning last
      )
      insert into auth.account_events (number, type, sub, name, at)
      select last, $1::text, $2::text, $3::text, $4::bigint from feed
      returning number`,
  },

  end: { name: 'feed_end', text: 'select epoch, last from auth.account_feed' },

  /** The same, where nothing was ever written. */
  begin: {
    name: 'feed_begin',
    text: `insert into auth.account_feed as feed (last) values (0)
      on conflict (is_only) do update set last = feed.last
      returning epoch, last`,
  },

  /** `$1` the epoch, `$2` the number, `$3` how many at most. One row without an event where there is none. */
  after: {
    name: 'feed_after',
    text: `select feed.last, (select min(number) from auth.account_events),
        event.number, event.type, event.sub, event.name, event.at
      from auth.account_feed feed left join lateral (
        select * from auth.account_events where number > $2 order by number limit $3
      ) event on true
      where feed.epoch = $1 order by event.number`,
  },

  /** `$1` how old in milliseconds, `$2` how many at most. Stops at the first that is kept, though one behind it be older. */
  forget: {
    name: 'feed_forget',
    text: `with judged as materialized (
        select ${clock} - $1::bigint as oldest
      ), first as materialized (
        select number, at >= oldest as is_kept from auth.account_events, judged order by number limit $2
      )
      delete from auth.account_events where number = any(array(
        select number from first
        where number < coalesce((select min(number) from first where is_kept), number + 1)))
      returning number`,
  },
} satisfies Record<string, Statement>
