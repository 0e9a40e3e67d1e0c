-- Posts and votes. Times are epoch milliseconds; ids are compared byte by byte, so that later ones are greater.

create table business.authors (
  id text collate "C" primary key,
  name text,
  -- Where in the feed of accounts the name was told; missing where it came with a post.
  named_epoch text,
  named_number bigint,
  named_at bigint,
  is_gone boolean not null default false
);

create table business.posts (
  id text collate "C" primary key,
  title text not null,
  content text not null,
  -- Missing where the account is gone.
  author text collate "C",
  created_at bigint not null,
  updated_at bigint not null,
  likes bigint not null default 0,
  dislikes bigint not null default 0
) with (fillfactor = 80);
create index posts_author on business.posts (author, id desc);

-- The last vote of each user for each post; one that was taken back stays, so that an older one that comes late is known
-- to be older. 1 is a like, -1 a dislike.
create table business.votes (
  post text collate "C" references business.posts on delete cascade,
  usr text collate "C",
  event text collate "C" not null,
  vote smallint not null,
  -- What it was before the last change: what changed it counts by that.
  previous smallint not null,
  -- Days since 1970, in UTC, on which it was cast.
  day integer not null,
  primary key (post, usr)
);
create index votes_likes on business.votes (day) where vote = 1;

grant select, insert, update on business.authors to sallyport_business;
grant select, insert, update, delete on business.posts to sallyport_business;
grant select, insert, update on business.votes to sallyport_business;
