/**
 * Forward-only migrations: numbered `.sql` files in folders, each applied once, in one transaction, and never edited
 * afterwards. A folder belongs to whoever needs its tables; nothing refers from one folder to another.
 */
import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartError } from '../../start-error.ts'
import type { MigrationFolder } from '../migration-folder.ts'

export interface Migration {
  /** Whose it is. */
  readonly owner: string
  readonly number: number
  /** Of the file. */
  readonly name: string
  readonly sql: string
  /** SHA-256 of the file. */
  readonly checksum: string
}

/** What was applied to a database. */
export type Applied = Pick<Migration, 'owner' | 'number' | 'checksum'>

/** The core's own, then those of the capabilities. */
export function allMigrations(folders: readonly MigrationFolder[]): readonly Migration[] {
  const core = { owner: 'core', folder: new URL('migrations/', import.meta.url) }
  return [core, ...folders].flatMap(({ owner, folder }) => readMigrations(owner, folder))
}

/** In order. Throws where the numbers of the files have a gap. */
export function readMigrations(owner: string, folder: URL): readonly Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  return names.map((name, index) => {
    const number = index + 1
    if (!name.startsWith(`${String(number).padStart(3, '0')}-`)) {
      throw new TypeError(`no migration in ${basename(fileURLToPath(folder))} has number ${number}`)
    }
    const sql = readFileSync(new URL(name, folder), 'utf8')
    return { owner, number, name, sql, checksum: hash('sha256', sql, 'hex') }
  })
}

/** What of `needed` was not applied yet. Throws a `StartError` where one was applied that has been edited since. */
export function missingOf(
  needed: readonly Migration[],
  applied: readonly Applied[],
): readonly Migration[] {
  return needed.filter(({ owner, number, name, checksum }) => {
    const same = applied.find((one) => one.owner === owner && one.number === number)
    if (same !== undefined && same.checksum !== checksum) {
      throw new StartError(
        `The migration ${owner}/${name} was edited after it had been applied. Restore it, and write a new one.`,
      )
    }
    return same === undefined
  })
}
