-- Which changes have set marks, so that none does so twice. Kept as long as the mark.

create table auth.mark_changes (
  change_id text collate "C",
  subject_tag text collate "C",
  purpose text collate "C",
  expires_at bigint not null,
  primary key (change_id, subject_tag, purpose)
);
create index mark_changes_expires_at on auth.mark_changes (expires_at);

grant select, insert, delete, update on auth.mark_changes to sallyport_auth;
