#!/usr/bin/env bash
# The roles and the database of Sallyport, on a PostgreSQL of its own. The postgres image runs this once, as superuser
# over its socket; elsewhere say with PGHOST, PGPORT and PGUSER where. To run it again changes nothing but what was
# changed by hand, and sets the passwords anew. Tables, and the rights to them, come from the migrations.
#
# Each of OWNER_PASSWORD_FILE, AUTH_PASSWORD_FILE and BUSINESS_PASSWORD_FILE names a file with a role's password. psql
# reads them itself and quotes them, so that they stand in no list of processes; and what it sends is kept out of the
# server's log, whatever that is told to log.
set -euo pipefail
for name in OWNER_PASSWORD_FILE AUTH_PASSWORD_FILE BUSINESS_PASSWORD_FILE; do
  [ -s "${!name:?"must name a file."}" ] || { echo "$name must name a file with a password." >&2; exit 1; }
done
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set VERBOSITY=terse \
  --username "${PGUSER:-${POSTGRES_USER:-postgres}}" --dbname postgres <<'SQL'
set log_statement = 'none';
set log_min_error_statement = 'panic';
set log_min_duration_statement = -1;
set log_min_duration_sample = -1;
set log_transaction_sample_rate = 0;
set log_duration = off;
set password_encryption = 'scram-sha-256';

\set owner_password `cat "$OWNER_PASSWORD_FILE"`
\set auth_password `cat "$AUTH_PASSWORD_FILE"`
\set business_password `cat "$BUSINESS_PASSWORD_FILE"`

select format('create role %I', name)
from unnest(array['sallyport_owner', 'sallyport_auth', 'sallyport_business']) as name
where not exists (select from pg_roles where rolname = name)
\gexec

-- The owner migrates, several processes at once if they start together; the servers only run their statements. Each auth
-- opens ten connections, each business and each worker four: so there may be five of either kind, and one more while it
-- takes over. Postgres itself has 97 for all roles.
alter role sallyport_owner with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
  connection limit 10 password :'owner_password';
alter role sallyport_auth with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
  connection limit 62 password :'auth_password';
alter role sallyport_business with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
  connection limit 25 password :'business_password';

-- Whoever asked has long been answered with a 503 by then: nobody waits for a statement that is slower.
alter role sallyport_auth set statement_timeout = '5s';
alter role sallyport_business set statement_timeout = '5s';
-- A process that stopped in the middle must not hold its locks for ever.
alter role sallyport_owner set idle_in_transaction_session_timeout = '60s';
alter role sallyport_auth set idle_in_transaction_session_timeout = '5s';
alter role sallyport_business set idle_in_transaction_session_timeout = '5s';

select 'create database sallyport owner sallyport_owner'
where not exists (select from pg_database where datname = 'sallyport')
\gexec

-- By default every role may connect to every database and fill its disk with temporary tables.
revoke all on database sallyport, postgres, template1 from public;
grant connect on database sallyport to sallyport_auth, sallyport_business;

\connect sallyport
revoke all on schema public from public;

-- What every role may call by default, and could fill the disk with, or stop the cleanup and the migrations of others.
select format('revoke execute on function %s from public', oid::regprocedure) from pg_proc
where pronamespace = 'pg_catalog'::regnamespace
  and (proname ~ '^(lo_|lowrite$|loread$)' or proname ~ 'advisory' or proname = 'pg_logical_emit_message')
\gexec
grant execute on function pg_try_advisory_xact_lock(bigint) to sallyport_auth;
grant execute on function pg_advisory_lock(bigint) to sallyport_owner;
SQL
