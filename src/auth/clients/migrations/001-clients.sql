-- Clients beside the configured ones. Secrets are SHA-256 in base64url; the previous one is there while both are good.
-- Times are epoch milliseconds by the clock of this database.

create table auth.clients (
  id text collate "C" primary key,
  name text collate "C" not null,
  scope text collate "C" not null,
  secret_hash text collate "C" not null,
  previous_hash text collate "C",
  is_disabled boolean not null default false,
  created_at bigint not null,
  updated_at bigint not null
);

grant select, insert on auth.clients to sallyport_auth;
grant update (secret_hash, previous_hash, is_disabled, updated_at) on auth.clients to sallyport_auth;
