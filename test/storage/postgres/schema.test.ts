import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { skipUnless } from '../../kit/installed.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { root } from '../../kit/root.ts'

const file = 'src/storage/postgres/schema.sql'
const renew = `${file} is not what the migrations make. Migrate an empty database and run
  MIGRATE_DATABASE_URL=… ./scripts/dumpSchema > ${file}`

describe('the schema that is committed', { skip: skipUnless('postgres', 'pg_dump') }, () => {
  it('is the one that the migrations make', async (t) => {
    const { owner } = await startProvisioned(t)
    const env = { PATH: process.env.PATH, MIGRATE_DATABASE_URL: owner }

    const { stdout } = await promisify(execFile)(join(root, 'scripts/dumpSchema'), { env })

    assert.equal(stdout, readFileSync(join(root, file), 'utf8'), renew)
  })
})
