-- The keys that sign access tokens, private halves encrypted. Times are epoch milliseconds by the clock of this database.
create table auth.signing_keys (
  kid text collate "C" primary key,
  sealed text collate "C" not null,
  current_at bigint not null,
  retired_at bigint,
  removed_at bigint
);

-- One key is the last of the line: it has no successor, and every successor is put behind it.
create unique index signing_keys_last on auth.signing_keys ((true)) where retired_at is null;

grant select, insert, delete, update (retired_at, removed_at) on auth.signing_keys to sallyport_auth;
