-- What followers of accounts are told. An event is written by the transaction that makes the change, which takes the next
-- number from `account_feed` and has that row until it ends: so numbers have no gaps and become visible in their order.
-- Those of an identity column do not: who has read number 8 would miss a 7 that is committed later.
create table auth.account_feed (
  is_only boolean primary key default true check (is_only),
  epoch text collate "C" not null default gen_random_uuid(),
  last bigint not null
);

create table auth.account_events (
  number bigint primary key,
  type text collate "C" not null,
  sub text collate "C" not null,
  name text collate "C",
  -- Epoch milliseconds.
  at bigint not null
);

grant select, insert, update (last) on auth.account_feed to sallyport_auth;
grant select, insert, delete on auth.account_events to sallyport_auth;
