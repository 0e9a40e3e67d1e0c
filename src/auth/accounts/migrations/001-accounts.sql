-- What an account is beside its user. Whoever is made by the core alone is vouched for by an operator.

alter table auth.users
  add column verified_at bigint default floor(extract(epoch from clock_timestamp()) * 1000),
  add column roles text[] not null default '{}',
  add column created_at bigint not null default floor(extract(epoch from clock_timestamp()) * 1000),
  add column updated_at bigint not null default floor(extract(epoch from clock_timestamp()) * 1000);

-- Addresses that nobody has shown to be theirs yet: of accounts to come, and of those that are to change.
create table auth.address_claims (
  sub text collate "C" primary key,
  username text collate "C" not null,
  expires_at bigint not null
);
create index address_claims_expires_at on auth.address_claims (expires_at);

-- Changes whose sessions are not known to have ended yet.
create table auth.pending_revocations (
  change_id text collate "C" primary key,
  sub text collate "C" not null
);

grant update (username, name, is_disabled, verified_at, roles, updated_at), delete
  on auth.users to sallyport_auth;
grant select, insert, update, delete on auth.address_claims to sallyport_auth;
grant select, insert, delete on auth.pending_revocations to sallyport_auth;
