/** All that following asks of Postgres. */
import type { Statement } from '../../storage/postgres/statements.ts'

export const bookmarkStatements = {
  read: { name: 'follow_read', text: 'select cursor from business.account_bookmark' },

  /** `$1` where it is put, if it is nowhere yet. */
  begin: {
    name: 'follow_begin',
    text: `insert into business.account_bookmark (cursor) values ($1)
      on conflict do nothing returning cursor`,
  },

  /** `$1` where it must be, `$2` where it is put. */
  move: {
    name: 'follow_move',
    text: 'update business.account_bookmark set cursor = $2 where cursor = $1 returning cursor',
  },
} satisfies Record<string, Statement>
