-- Refresh families. Times are epoch milliseconds by the clock of this database; texts are compared byte by byte.
create table auth.refresh_families (
  id text collate "C" primary key,
  subject_tag text collate "C" not null,
  mark text collate "C",
  record text collate "C" not null,
  token_hash text collate "C" not null,
  previous_hash text collate "C",
  issued_at bigint not null,
  rotated_at bigint not null,
  expires_at bigint not null,
  rotations integer not null default 0,
  -- The last answer, sealed, until its window closes.
  answer text collate "C",
  answer_closes_at bigint
);
create index refresh_families_subject_tag on auth.refresh_families (subject_tag);
create index refresh_families_expires_at on auth.refresh_families (expires_at);
create index refresh_families_answer_closes_at on auth.refresh_families (answer_closes_at)
  where answer is not null;

grant select, insert, delete,
  update (token_hash, previous_hash, rotated_at, rotations, answer, answer_closes_at)
  on auth.refresh_families to sallyport_auth;
