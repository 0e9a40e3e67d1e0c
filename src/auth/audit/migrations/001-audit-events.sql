-- What happened. auth files it and reads it; to change or remove it is for the owner alone, who prunes by `at`.
-- Times are epoch milliseconds by the clock of the auth that heard of it.
create table auth.audit_events (
  number bigint generated always as identity primary key,
  id text collate "C" not null unique,
  type text collate "C" not null,
  at bigint not null,
  until bigint not null,
  count bigint not null,
  request_id text collate "C",
  source text collate "C",
  sub text collate "C",
  actor text collate "C",
  account text collate "C",
  session text collate "C",
  details text collate "C"
);
create index audit_events_type on auth.audit_events (type, number);
create index audit_events_sub on auth.audit_events (sub, number) where sub is not null;
create index audit_events_at on auth.audit_events (at);

grant select, insert on auth.audit_events to sallyport_auth;
