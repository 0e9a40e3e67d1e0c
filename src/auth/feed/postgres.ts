/**
 * Account events in Postgres. Each is written by the transaction that changes the account, which from then on has the
 * row with the last number, so that others that change accounts wait for its end: they are few, and it is short. To show
 * only what is older than all running transactions (`pg_snapshot_xmin`) would need no lock, but one that hangs anywhere
 * in the server would stop the feed, and a database that was restored elsewhere would count its transactions anew.
 */
import type { Database, Row } from '../../storage/postgres/database.ts'
import { escapeText, unescapeText } from '../../storage/postgres/text.ts'
import {
  type AccountEvent,
  type AccountEvents,
  eventOf,
  type FollowedType,
} from './account-events.ts'
import { feedStatements } from './statements.ts'

const repeatable = { isRepeatable: true }

export function postgresAccountEvents({ database }: { database: Database }): AccountEvents {
  return {
    statementsFor(change) {
      const event = eventOf(change)
      if (event === undefined) return []
      const { type, sub, name, at } = event
      const values = [type, escapeText(sub), name === undefined ? null : escapeText(name), at]
      return [{ statement: feedStatements.add, values }]
    },
    apply() {},
    async end() {
      const found = await database.run(feedStatements.end, [], repeatable)
      const [row = []] =
        found.length > 0 ? found : await database.run(feedStatements.begin, [], repeatable)
      return { epoch: String(row[0]), number: Number(row[1]) }
    },
    async after({ epoch, number }, limit) {
      const values = [escapeText(epoch), number, limit]
      const rows = await database.run(feedStatements.after, values, repeatable)
      const [row] = rows
      if (row === undefined) return undefined
      const last = Number(row[0])
      const first = row[1] === null ? last + 1 : Number(row[1])
      const isKept = number + 1 >= first && number <= last
      return isKept ? rows.filter((one) => one[2] !== null).map(readEvent) : undefined
    },
    async forget(olderThanMilliseconds, limit) {
      const values = [olderThanMilliseconds, limit]
      return (await database.run(feedStatements.forget, values, repeatable)).length
    },
  }
}

function readEvent([, , number, type, sub, name, at]: Row): AccountEvent {
  const [subText = '', nameText = ''] = [sub, name].map(String).map(unescapeText)
  return {
    number: Number(number),
    type: type as FollowedType, // nobody else writes here
    sub: subText,
    name: name === null ? undefined : nameText,
    at: Number(at),
  }
}
