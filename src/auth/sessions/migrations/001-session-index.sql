-- Which sessions a user may have. Instants are epoch milliseconds by the clock of this database; texts are compared byte
-- by byte. There is no reference to the sessions themselves: those may be kept without a log, and lost in a crash.
create table auth.session_index (
  subject_tag text collate "C",
  id text collate "C",
  hash text collate "C" not null,
  source text collate "C" not null,
  -- By when the session is dead, however much it is used.
  expires_at bigint not null,
  primary key (subject_tag, id)
);
create index session_index_expires_at on auth.session_index (expires_at);

-- Rows are locked before they are deleted, which takes the right to update something.
grant select, insert, delete, update (expires_at) on auth.session_index to sallyport_auth;
