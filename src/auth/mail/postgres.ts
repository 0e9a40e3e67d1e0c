/** The outbox in Postgres: a mail is there if the change is that it tells of, whoever crashes then. */
import { randomUUID } from 'node:crypto'
import type { BoundStatement } from '../../storage/backing.ts'
import type { Database, Row } from '../../storage/postgres/database.ts'
import { clock, type Statement } from '../../storage/postgres/statements.ts'
import type { ClaimedMail, MailQueue, WaitingMail } from './mail-queue.ts'

const judged = `judged as materialized (select ${clock} as at)`

const statements = {
  /** `$1` the id, `$2` the template, `$3` the subject. */
  add: {
    name: 'outbox_add',
    text: `with ${judged}
      insert into auth.outbox as o (id, template, sub, added_at, next_attempt_at)
      select $1, $2, $3, at, at from judged
      on conflict (id) do update set
        template = excluded.template,
        added_at = excluded.added_at,
        attempts = 0,
        next_attempt_at = case when o.lease is null
          then excluded.next_attempt_at else o.next_attempt_at end,
        is_asked_again = o.lease is not null
      returning o.id`,
  },

  /**
   * `$1` how many at most, `$2` the lease, `$3` its milliseconds. Passes over rows that somebody else is claiming. To
   * Postgres `limit $1` is a share of the table, for which it would read all of it: so the rows are named by an array.
   */
  claim: {
    name: 'outbox_claim',
    text: `with ${judged}, due as materialized (
        select id from auth.outbox where next_attempt_at <= (select at from judged)
        order by next_attempt_at limit $1 for update skip locked
      )
      update auth.outbox o
      set lease = $2, next_attempt_at = judged.at + $3::bigint, attempts = o.attempts + 1,
        is_asked_again = false
      from judged
      where o.id = any(array(select id from due))
      returning o.id, o.template, o.sub, o.added_at, judged.at, o.attempts`,
  },

  /** `$1` the id, `$2` the lease. */
  remove: {
    name: 'outbox_remove',
    text: `delete from auth.outbox where id = $1 and lease = $2 and not is_asked_again returning id`,
  },

  /** `$1` the id, `$2` the lease, `$3` the milliseconds until it is due. */
  release: {
    name: 'outbox_release',
    text: `update auth.outbox
      set lease = null, is_asked_again = false,
        next_attempt_at = ${clock} + case when is_asked_again then 0 else $3::bigint end
      where id = $1 and lease = $2`,
  },
} satisfies Record<string, Statement>

const once = { isRepeatable: false }
const repeatable = { isRepeatable: true }

/** Adds a mail, in whatever transaction it is made part of. */
export function addMail({ id, template, sub }: WaitingMail): BoundStatement {
  return { statement: statements.add, values: [id, template, sub] }
}

export function postgresMailQueue({ database }: { readonly database: Database }): MailQueue {
  async function release({ id, lease }: ClaimedMail, milliseconds: number): Promise<void> {
    await database.run(statements.release, [id, lease, milliseconds], repeatable)
  }

  return {
    async claim({ limit, leaseMilliseconds }) {
      const lease = randomUUID()
      const rows = await database.run(statements.claim, [limit, lease, leaseMilliseconds], once)
      return rows.map((row) => readMail(row, lease))
    },
    async finish(mail) {
      const removed = await database.run(statements.remove, [mail.id, mail.lease], repeatable)
      if (removed.length === 0) await release(mail, 0)
    },
    retry: release,
  }
}

function readMail(row: Row, lease: string): ClaimedMail {
  const [id = '', template = '', sub = ''] = row.slice(0, 3).map(String)
  const [addedAt = 0, claimedAt = 0, attempt = 0] = row.slice(3).map(Number)
  return { id, template, sub, addedAt, claimedAt, attempt, lease }
}
