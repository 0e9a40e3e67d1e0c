import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { systemClock } from '../../../src/clock.ts'
import { type Database, openDatabase } from '../../../src/storage/postgres/database.ts'
import { markChangeStatements } from '../../../src/storage/postgres/mark-changes.ts'
import {
  markStatements,
  type Statement,
  tokenStatements,
} from '../../../src/storage/postgres/statements.ts'
import { userStatements } from '../../../src/storage/postgres/users.ts'
import { databaseName } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { recordedLog } from '../../kit/log.ts'
import { sharePostgres } from './open-stores.ts'

/** All that living systems run often. */
const statements: readonly Statement[] = [
  ...Object.values(tokenStatements.sessions),
  ...Object.values(tokenStatements.tokens),
  ...Object.values(markStatements),
  ...Object.values(markChangeStatements),
  ...Object.values(userStatements),
]

const manyRows = `
  insert into auth.sessions
  select 'hash ' || i, 'session', 'tag ' || i, null, repeat('record', 30), i, i, i, 0, i
  from generate_series(1, 10000) as i;
  insert into auth.tokens select * from auth.sessions;
  insert into auth.marks select subject_tag, purpose, 'mark', expires_at from auth.sessions;
  insert into auth.mark_changes select hash, subject_tag, purpose, expires_at from auth.sessions;
  insert into auth.users select hash, subject_tag, '', '', false from auth.sessions;
  analyze;`

describe('the statements on 10,000 rows', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()

  for (const mayAnswerEarly of [false, true])
    it(`read no table from its beginning to its end where answers ${mayAnswerEarly ? 'may' : 'may not'} come early`, async (t) => {
      await server().emptyTables()
      await server().postgres.psql(manyRows, databaseName)

      const { plans, madeForTheirValues } = await plansOn(open(t, mayAnswerEarly))

      assert.deepEqual(
        plans.filter((plan) => plan.includes('Seq Scan')),
        [],
      )
      assert.equal(madeForTheirValues, 0)
    })

  /** As the stores open it: how a statement is planned is a matter of the connection. */
  function open(t: TestContext, mayAnswerEarly: boolean): Database {
    const common = { url: server().auth, clock: systemClock, log: recordedLog() }
    const database = openDatabase({ ...common, maxConnections: 1, mayAnswerEarly })
    t.after(() => database.close())
    return database
  }
})

/** One for each statement, and how many were made for the values of the moment, as others could need another plan. */
async function plansOn(database: Database) {
  const ask = (text: string, values: readonly unknown[] = []) =>
    database.run({ name: '', text }, values, { isRepeatable: false })
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
  const [[madeForTheirValues] = []] = await ask(
    'select sum(custom_plans)::int from pg_prepared_statements',
  )
  return { plans, madeForTheirValues }
}
