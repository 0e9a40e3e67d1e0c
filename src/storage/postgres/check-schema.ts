import { StartError } from '../../start-error.ts'
import type { MigrationFolder } from '../migration-folder.ts'
import { describeReason, withConnection } from './connection.ts'
import { type Applied, allMigrations, missingOf } from './migrations.ts'

/**
 * Rejects with a `StartError` where the database does not have the schema that this version needs, or cannot be asked.
 * One that is ahead of us is fine: migrations only add.
 */
export async function checkSchema(url: string, folders: readonly MigrationFolder[]): Promise<void> {
  const applied = await withConnection({ url, name: 'sallyport-check' }, async (client) => {
    try {
      const statement = 'select owner, number, checksum from migrations.applied'
      return (await client.query<Applied>(statement)).rows
    } catch (error) {
      throw isMissingTable(error)
        ? notMigrated('no migration was applied to it yet')
        : new StartError(`The database does not tell its schema: ${describeReason(error)}.`)
    }
  })
  const [missing] = missingOf(allMigrations(folders), applied)
  if (missing !== undefined) {
    throw notMigrated(`the migration ${missing.owner}/${missing.name} was not applied to it yet`)
  }
}

function notMigrated(why: string): StartError {
  return new StartError(
    `The database does not have the schema that this version needs: ${why}. Run ./scripts/migrate first.`,
  )
}

/** SQLSTATE of a schema or a table that is not there. */
function isMissingTable(error: unknown): boolean {
  return ['42P01', '3F000'].includes(String(Reflect.get(Object(error), 'code')))
}
