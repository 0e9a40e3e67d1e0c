import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { familyStatements } from '../../../src/auth/jwt/families-postgres-statements.ts'
import { databaseName } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { sharePostgres } from '../../storage/postgres/open-stores.ts'

const manyRows = `
  insert into auth.refresh_families
  select 'id ' || i, 'tag ' || i, null, repeat('record', 30), 'hash ' || i, null, i, i, i, 0, 'answer', i
  from generate_series(1, 10000) as i;
  insert into auth.marks select subject_tag, 'refresh', 'mark', expires_at from auth.refresh_families;
  analyze;`

describe('the statements on 10,000 refresh families', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()

  for (const { name, text } of Object.values(familyStatements))
    it(`read no table from its beginning to its end: ${name}`, async () => {
      await server().emptyTables()
      await server().postgres.psql(manyRows, databaseName)
      const parameters = new Set(text.match(/\$\d/g)).size
      const values = Array.from({ length: parameters }, () => 'null').join()
      const prepared = `prepare one as ${text}; explain (costs off) execute one(${values})`

      const plan = await server().postgres.psql(
        `set plan_cache_mode = force_generic_plan; ${prepared}`,
        databaseName,
      )

      assert.match(plan, /refresh_families/)
      assert.doesNotMatch(plan, /Seq Scan/)
    })
})
