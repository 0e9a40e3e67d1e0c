/** Activity in Postgres. */
import type { Database } from '../../storage/postgres/database.ts'
import { escapeText } from '../../storage/postgres/text.ts'
import type { ActivityStore } from './activity-store.ts'
import { activityStatements } from './statements.ts'

const repeatable = { isRepeatable: true }

export function postgresActivity({ database }: { database: Database }): ActivityStore {
  return {
    async file(lastByUser) {
      const users = [...lastByUser.keys()].map(escapeText)
      await database.run(activityStatements.file, [users, [...lastByUser.values()]], repeatable)
    },
    async lastOf(user) {
      const [row] = await database.run(activityStatements.lastOf, [escapeText(user)], repeatable)
      return typeof row?.[0] === 'number' ? row[0] : undefined
    },
    async forget(user) {
      await database.run(activityStatements.forget, [escapeText(user)], repeatable)
    },
  }
}
