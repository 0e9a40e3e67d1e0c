/** A bookmark in Postgres. */
import type { Database } from '../../storage/postgres/database.ts'
import { escapeText, unescapeText } from '../../storage/postgres/text.ts'
import type { Bookmark } from './bookmark.ts'
import { bookmarkStatements } from './statements.ts'

/** One that was moved by a lost answer would not be found again where it was. */
const once = { isRepeatable: false }

export function postgresBookmark({ database }: { database: Database }): Bookmark {
  return {
    async read() {
      const [row] = await database.run(bookmarkStatements.read, [], { isRepeatable: true })
      return row && unescapeText(String(row[0]))
    },
    async move(from, to) {
      const rows =
        from === undefined
          ? await database.run(bookmarkStatements.begin, [escapeText(to)], once)
          : await database.run(bookmarkStatements.move, [from, to].map(escapeText), once)
      return rows.length > 0
    },
  }
}
