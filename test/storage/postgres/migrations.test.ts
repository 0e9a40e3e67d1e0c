import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import {
  allMigrations,
  missingOf,
  readMigrations,
} from '../../../src/storage/postgres/migrations.ts'

describe('the files of migrations', () => {
  it('are read in the order of their numbers, whatever else lies there', (t) => {
    const folder = folderOf(t, ['002-second.sql', '001-first.sql', 'notes.txt'])

    const migrations = readMigrations('mine', folder)

    assert.deepEqual(
      migrations.map(({ owner, number, name, sql }) => [owner, number, name, sql]),
      [
        ['mine', 1, '001-first.sql', 'of 001-first.sql'],
        ['mine', 2, '002-second.sql', 'of 002-second.sql'],
      ],
    )
  })

  it('are refused where there is a gap in the numbers', (t) => {
    const folder = folderOf(t, ['001-first.sql', '003-third.sql'])

    assert.throws(() => readMigrations('mine', folder), /no migration in .+ has number 2$/)
  })

  it('are refused where two have one number', (t) => {
    const folder = folderOf(t, ['001-first.sql', '001-other.sql', '002-second.sql'])

    assert.throws(() => readMigrations('mine', folder), /no migration in .+ has number 2$/)
  })

  it('are refused where the first is missing', (t) => {
    const folder = folderOf(t, ['002-second.sql'])

    assert.throws(() => readMigrations('mine', folder), /no migration in .+ has number 1$/)
  })

  it('are all missing from a database that knows only those of somebody else', () => {
    const core = allMigrations([])
    const others = core.map(({ number, checksum }) => ({ owner: 'other', number, checksum }))

    assert.deepEqual(missingOf(core, others), core)
  })
})

function folderOf(t: TestContext, names: readonly string[]): URL {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-migrations-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const name of names) writeFileSync(join(folder, name), `of ${name}`)
  return pathToFileURL(`${folder}/`)
}
