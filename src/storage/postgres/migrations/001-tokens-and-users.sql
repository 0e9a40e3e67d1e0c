-- What auth keeps. Times are epoch milliseconds by the clock of this database; texts are compared byte by byte.

create schema auth;
grant usage on schema auth to sallyport_auth;

-- Tokens that slide. Nothing that a validation changes stands in an index, so it rewrites the row alone, within its page
-- where there is room: hence the fill factor, and a time of its own for the sweep.
create table auth.sessions (
  hash text collate "C" primary key,
  purpose text collate "C" not null,
  subject_tag text collate "C" not null,
  mark text collate "C",
  record text collate "C" not null,
  issued_at bigint not null,
  cap_at bigint not null,
  expires_at bigint not null,
  refresh_count integer not null default 0,
  -- When the sweep looks next: never later than one life after the last time it looked.
  sweep_at bigint not null
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- Tokens that do not.
create table auth.tokens (like auth.sessions including all);

create index sessions_sweep_at on auth.sessions (sweep_at);
create index tokens_sweep_at on auth.tokens (sweep_at);

-- A token is dead where its subject has another mark than its own.
create table auth.marks (
  subject_tag text collate "C",
  purpose text collate "C",
  mark text collate "C" not null,
  expires_at bigint not null,
  primary key (subject_tag, purpose)
);
create index marks_expires_at on auth.marks (expires_at);

-- A B-tree holds no names as long as ours may be, so a hash index keeps them apart.
create table auth.users (
  id text collate "C" primary key,
  username text collate "C" not null,
  name text not null,
  password_hash text not null,
  is_disabled boolean not null,
  constraint users_username_is_free exclude using hash (username with =)
);

grant select, insert, update, delete on auth.sessions, auth.tokens, auth.marks to sallyport_auth;
grant select, insert, update (password_hash) on auth.users to sallyport_auth;
