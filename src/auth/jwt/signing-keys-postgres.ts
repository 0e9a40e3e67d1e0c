/**
 * Signing keys in Postgres. An index lets only one row be the last of the line, and whoever adds to the line locks that
 * row first: so of several at once one finds it as it was, and the others find none.
 */
import type { Database, Row } from '../../storage/postgres/database.ts'
import { clock, type Statement } from '../../storage/postgres/statements.ts'
import type { SigningKey, SigningKeys } from './signing-keys.ts'

/** By a time from after the wait for the lock. */
const judgedAfterLock = `judged as materialized (
    select ${clock} as at from (select count(*) from last) as all_of_them
  )`

export const signingKeyStatements = {
  /** A row for the time alone, where there are no keys. */
  read: {
    name: 'signing_keys_read',
    text: `with judged as materialized (select ${clock} as at), removed as (
        delete from auth.signing_keys where removed_at <= (select at from judged)
      )
      select judged.at, k.kid, k.sealed, k.current_at, k.retired_at, k.removed_at
      from judged left join auth.signing_keys k on k.removed_at is null or k.removed_at > judged.at
      order by k.current_at, k.retired_at nulls last`,
  },

  /** `$1` the kid, `$2` the sealed key. */
  begin: {
    name: 'signing_keys_begin',
    text: `insert into auth.signing_keys (kid, sealed, current_at)
      select $1, $2, ${clock} on conflict do nothing returning kid`,
  },

  /** `$3` until it signs, `$4` from then until the one before is removed. */
  rotate: {
    name: 'signing_keys_rotate',
    text: `with last as materialized (
        select kid, current_at from auth.signing_keys where retired_at is null for update
      ), ${judgedAfterLock}, retired as (
        update auth.signing_keys k
        set retired_at = judged.at + $3::bigint, removed_at = judged.at + $3::bigint + $4::bigint
        from last, judged
        where k.kid = last.kid and last.current_at <= judged.at
        returning k.retired_at
      )
      insert into auth.signing_keys (kid, sealed, current_at)
      select $1, $2, retired_at from retired returning kid`,
  },

  /** `$3` the kid of the last. */
  replaceAll: {
    name: 'signing_keys_replace_all',
    text: `with last as materialized (
        select kid from auth.signing_keys where retired_at is null and kid = $3 for update
      ), ${judgedAfterLock}, removed as (
        delete from auth.signing_keys where exists (select from last) returning kid
      )
      insert into auth.signing_keys (kid, sealed, current_at)
      select $1, $2, judged.at from judged where (select count(*) from removed) > 0 returning kid`,
  },
} satisfies Record<string, Statement>

const once = { isRepeatable: false }

export function postgresSigningKeys({ database }: { readonly database: Database }): SigningKeys {
  const isFiled = async (statement: Statement, values: readonly unknown[]) =>
    (await database.run(statement, values, once)).length > 0

  return {
    async read() {
      const rows = await database.run(signingKeyStatements.read, [], { isRepeatable: true })
      return {
        keys: rows.filter(([, kid]) => kid !== null).map(readKey),
        judgedAt: Number(rows[0]?.[0]),
      }
    },
    begin: ({ kid, sealed }) => isFiled(signingKeyStatements.begin, [kid, sealed]),
    rotate: (
      { kid, sealed },
      { publishedBeforeMilliseconds: before, publishedAfterMilliseconds: after },
    ) => isFiled(signingKeyStatements.rotate, [kid, sealed, before, after]),
    replaceAll: (last, { kid, sealed }) =>
      isFiled(signingKeyStatements.replaceAll, [kid, sealed, last]),
  }
}

function readKey([, kid, sealed, currentAt, retiredAt, removedAt]: Row): SigningKey {
  return {
    kid: String(kid),
    sealed: String(sealed),
    currentAt: Number(currentAt),
    retiredAt: readInstant(retiredAt),
    removedAt: readInstant(removedAt),
  }
}

function readInstant(value: unknown): number | undefined {
  return value === null ? undefined : Number(value)
}
