/** All that is asked of Postgres about accounts. The first of those that run together decides whether the others do. */
import { clock, type Statement } from '../../storage/postgres/statements.ts'
import { maxRegistrations } from './account-store.ts'

const columns =
  'id, username, name, password_hash, is_disabled, verified_at, to_json(roles)::text, created_at, updated_at'
/** Seven parameters, from that number on: the account as it is believed to be. */
const isSameFrom = (n: number) => `id = $${n} and username = $${n + 1} and name = $${n + 2}
  and password_hash = $${n + 3} and is_disabled = $${n + 4}
  and verified_at is not distinct from $${n + 5} and roles = $${n + 6}::text[]`
const isSame = isSameFrom(1)

const all = {
  /** `$1` to `$9` the columns. */
  create: `insert into auth.users
      (id, username, name, password_hash, is_disabled, verified_at, roles, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning id`,
  find: `select ${columns} from auth.users where id = $1`,
  /** `$1` the id before them, `$2` how many. */
  list: `select ${columns} from auth.users where id > $1 order by id limit $2`,
  /** `$8` to `$14` what becomes of it. */
  replace: `update auth.users set username = $8, name = $9, password_hash = $10, is_disabled = $11,
      verified_at = $12, roles = $13, updated_at = $14
    where ${isSame} returning id`,
  /** The same with another user name. Of two that change to one name, neither waits for the other: that could be for ever. */
  rename: `update auth.users set username = $8, name = $9, password_hash = $10, is_disabled = $11,
      verified_at = $12, roles = $13, updated_at = $14
    where ${isSame} and pg_try_advisory_xact_lock(hashtextextended($8, 0)) returning id`,
  /**
   * `$1` to `$7` an account, `$8` to `$14` another, as they are believed to be. Both stay so until the transaction ends. They
   * are locked in the order of their ids, whoever changes whom: so nobody waits in a circle.
   */
  lockBoth: `with locked as materialized (
      select * from auth.users where id in ($1, $8) order by id for update
    )
    select 1 where exists (select from locked where ${isSame})
      and exists (select from locked where ${isSameFrom(8)})`,
  remove: `delete from auth.users where ${isSame} returning id`,
  /** `$1` the subject, `$2` the user name, `$3` the life in milliseconds. */
  holdClaim: `insert into auth.address_claims (sub, username, expires_at)
    values ($1, $2, ${clock} + $3::bigint)
    on conflict (sub) do update set username = excluded.username, expires_at = excluded.expires_at
    returning sub`,
  /** The same where the account has the password hash `$4`. Whoever changes that meanwhile is waited for. */
  holdClaimOf: `with account as materialized (
      select id from auth.users where id = $1 and password_hash = $4 for share
    )
    insert into auth.address_claims (sub, username, expires_at)
    select id, $2, ${clock} + $3::bigint from account
    on conflict (sub) do update set username = excluded.username, expires_at = excluded.expires_at
    returning sub`,
  /** As `holdClaim`, but of an account to come. */
  beginClaim: `insert into auth.address_claims (sub, username, expires_at, is_registration)
    values ($1, $2, ${clock} + $3::bigint, true)
    on conflict (username) where is_registration do update set expires_at = excluded.expires_at
    returning sub`,
  /** Stops where there are enough. */
  countRegistrations: `select count(*) from (
      select from auth.address_claims where is_registration limit ${maxRegistrations}
    ) as registrations`,
  findClaim: `select username from auth.address_claims where sub = $1 and expires_at > ${clock}`,
  dropClaim: 'delete from auth.address_claims where sub = $1',
  sweepClaims: `delete from auth.address_claims where sub = any(array(
      select sub from auth.address_claims where expires_at <= ${clock}
      order by expires_at limit $1 for update skip locked))
    returning sub`,
  /** `$1` the change, `$2` the subject. */
  addRevocation: 'insert into auth.pending_revocations (change_id, sub) values ($1, $2)',
  pendingRevocations:
    'select change_id, sub from auth.pending_revocations order by random() limit $1',
  settleRevocation: 'delete from auth.pending_revocations where change_id = $1',
  /** What decides where there is nothing to decide. */
  proceed: 'select 1',
} as const

type Name = keyof typeof all

export const accountStatements = Object.fromEntries(
  Object.entries(all).map(([name, text]) => [name, { name: `accounts_${name}`, text }]),
) as Readonly<Record<Name, Statement>> // each has its own name and text
