import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  markStatements,
  type Statement,
  tokenStatements,
} from '../../../src/storage/postgres/statements.ts'
import { userStatements } from '../../../src/storage/postgres/users.ts'
import { connectClient } from '../../kit/database-client.ts'
import { databaseName } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { sharePostgres } from './open-stores.ts'

/** All that living systems run often. */
const statements: readonly Statement[] = [
  ...Object.values(tokenStatements.sessions),
  ...Object.values(tokenStatements.tokens),
  ...Object.values(markStatements),
  ...Object.values(userStatements),
]

const manyRows = `
  insert into auth.sessions
  select 'hash ' || i, 'session', 'tag ' || i, null, repeat('record', 30), i, i, i, 0, i
  from generate_series(1, 10000) as i;
  insert into auth.tokens select * from auth.sessions;
  insert into auth.marks select subject_tag, purpose, 'mark', expires_at from auth.sessions;
  insert into auth.users select hash, subject_tag, '', '', false from auth.sessions;
  analyze;`

describe('the statements on 10,000 rows', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()

  it('read no table from its beginning to its end', async (t) => {
    await server().postgres.psql(manyRows, databaseName)
    const { ask } = await connectClient(t, server().auth)
    await ask('set plan_cache_mode = force_generic_plan') // as the stores do

    const plans: string[] = []
    for (const { name, text } of statements) {
      await ask(`prepare ${name} as ${text}`)
      const counted =
        'select cardinality(parameter_types) from pg_prepared_statements where name = $1'
      const [[parameters] = []] = await ask(counted, [name])
      const values = Array.from({ length: Number(parameters) }, () => 'null')
      const lines = await ask(`explain (costs off) execute ${name}(${values.join()})`)
      plans.push(`${name}: ${lines.join('\n')}`)
    }

    assert.deepEqual(
      plans.filter((plan) => plan.includes('Seq Scan')),
      [],
    )
  })
})
