/** All that posts and votes ask of Postgres. */
import type { Statement } from '../../storage/postgres/statements.ts'

/** `$1` is the viewer. */
const viewed = `select p.id, p.title, p.content, p.author, a.name, p.created_at, p.updated_at, p.likes,
    p.dislikes, v.vote
  from business.posts p
  left join business.authors a on a.id = p.author
  left join business.votes v on v.post = p.id and v.usr = $1`

export const postStatements = {
  /** `$1` the id, `$2` the title, `$3` the content, `$4` the author, `$5` the author's name, `$6` the time. */
  add: {
    name: 'posts_add',
    text: `with known as (
        insert into business.authors as a (id, name) values ($4, $5)
        on conflict (id) do update set name = coalesce(a.name, excluded.name) where not a.is_gone
        returning id
      )
      insert into business.posts (id, title, content, author, created_at, updated_at)
      select $1, $2, $3, known.id, $6::bigint, $6::bigint from known
      returning id`,
  },

  /** `$2` the id. */
  find: { name: 'posts_find', text: `${viewed} where p.id = $2` },

  /** `$2` before which id, `$3` how many at most. */
  list: { name: 'posts_list', text: `${viewed} where p.id < $2 order by p.id desc limit $3` },

  /** `$4` the author. */
  listOf: {
    name: 'posts_list_of',
    text: `${viewed} where p.author = $4 and p.id < $2 order by p.author, p.id desc limit $3`,
  },

  /** `$1` the id, `$2` the title, `$3` the content, `$4` the time, `$5` the author; null leaves it, or is anybody. */
  edit: {
    name: 'posts_edit',
    text: `update business.posts
      set title = coalesce($2, title), content = coalesce($3, content), updated_at = $4::bigint
      where id = $1 and ($5::text is null or author = $5)
      returning id`,
  },

  /** `$1` the id, `$2` the author, or null for anybody. */
  remove: {
    name: 'posts_remove',
    text: `delete from business.posts where id = $1 and ($2::text is null or author = $2) returning id`,
  },

  /** `$1` the author, `$2` the name, `$3` the epoch of its event, `$4` the number, `$5` the time. */
  rename: {
    name: 'posts_rename',
    text: `update business.authors
      set name = $2, named_epoch = $3, named_number = $4::bigint, named_at = $5::bigint
      where id = $1 and not is_gone and case
        when named_epoch = $3 then named_number < $4::bigint
        else coalesce(named_at <= $5::bigint, true)
      end`,
  },

  /** `$1` the author. From then on none of his posts is added: whoever adds one locks him first. */
  setGone: {
    name: 'posts_set_gone',
    text: `insert into business.authors (id, is_gone) values ($1, true)
      on conflict (id) do update set name = null, is_gone = true
      returning id`,
  },

  /** `$1` the author, `$2` how many at most. Locked in the order in which votes lock them. */
  anonymise: {
    name: 'posts_anonymise',
    text: `with locked as materialized (
        select id from business.posts where author = $1 order by id limit $2 for update
      )
      update business.posts set author = null where id in (select id from locked) returning id`,
  },
} satisfies Record<string, Statement>

export const voteStatements = {
  /**
   * `$1` the events, `$2` the posts, `$3` the users, `$4` the votes. Posts are locked first, in one order, so that no two of
   * these wait for one another. What a vote was before is read of the very row that is changed, however long this waited
   * for it; the statement as a whole sees the rows as they were when it began.
   */
  fold: {
    name: 'votes_fold',
    text: `with cast_votes as materialized (
        select distinct on (post, usr) event, post, usr, vote
        from unnest($1::text[], $2::text[], $3::text[], $4::smallint[]) as c(event, post, usr, vote)
        order by post, usr, event collate "C" desc
      ), locked as materialized (
        select id from business.posts where id in (select post from cast_votes) order by id for update
      ), filed as (
        insert into business.votes as v (post, usr, event, vote, previous, day)
        select post, usr, event, vote, 0, left(event, 15)::bigint / 86400000
        from cast_votes join locked on locked.id = post
        on conflict (post, usr) do update
          set event = excluded.event, vote = excluded.vote, previous = v.vote, day = excluded.day
          where v.event < excluded.event
        returning post, vote, previous
      ), moved as (
        select post, sum((vote = 1)::int - (previous = 1)::int) as likes,
          sum((vote = -1)::int - (previous = -1)::int) as dislikes
        from filed group by post
      )
      update business.posts p
      set likes = p.likes + moved.likes, dislikes = p.dislikes + moved.dislikes
      from moved where p.id = moved.post and (moved.likes <> 0 or moved.dislikes <> 0)`,
  },

  /** `$1` and `$2` the first and the last day. */
  likesPerDay: {
    name: 'votes_likes_per_day',
    text: `select day, count(*) from business.votes
      where vote = 1 and day between $1 and $2 group by day order by day`,
  },
} satisfies Record<string, Statement>
