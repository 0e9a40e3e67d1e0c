-- Mails that are to be sent: whose, and which. Neither an address nor a token, for both are looked up as they are sent.
-- Times are epoch milliseconds by the clock of this database.

create table auth.outbox (
  id text collate "C" primary key,
  template text collate "C" not null,
  sub text collate "C" not null,
  added_at bigint not null,
  -- While it is claimed, when the lease is over.
  next_attempt_at bigint not null,
  attempts integer not null default 0,
  -- Of the claim that it is under, or was when that was not ended.
  lease text collate "C",
  is_asked_again boolean not null default false
);
create index outbox_next_attempt_at on auth.outbox (next_attempt_at);

grant select, insert, delete,
  update (template, added_at, next_attempt_at, attempts, lease, is_asked_again)
  on auth.outbox to sallyport_auth;
