import assert from 'node:assert/strict'
import { beforeEach, describe, it, type TestContext } from 'node:test'
import { allMigrations } from '../../../src/storage/postgres/migrations.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startAuth, untilReady, type Variables } from '../../kit/processes.ts'
import { startUpOf } from '../../kit/start-up.ts'
import { shareUnmigrated } from './unmigrated.ts'

const [first, last] = [allMigrations([])[0]?.name, allMigrations([]).at(-1)?.name]
const notMigrated = (why: string) =>
  `The database does not have the schema that this version needs: ${why}. Run ./scripts/migrate first.`

describe('the start of auth on a Postgres', { skip: skipUnless('postgres') }, () => {
  const { server, psql, runMigrate, forget } = shareUnmigrated()
  beforeEach(forget)

  it('is refused in one sentence where nothing was migrated', async (t) => {
    await assertRefused(t, {}, notMigrated('no migration was applied to it yet'))
  })

  it('is refused where the last migration is missing', async (t) => {
    await runMigrate()
    await psql(`delete from migrations.applied where name = '${last}'`)

    const sentence = notMigrated(`the migration core/${last} was not applied to it yet`)
    await assertRefused(t, {}, sentence)
  })

  it('is refused where an applied migration is another than ours', async (t) => {
    await runMigrate()
    await psql(`update migrations.applied set checksum = 'of another text' where number = 1`)

    const sentence = `The migration core/${first} was edited after it had been applied. Restore it, and write a new one.`
    await assertRefused(t, {}, sentence)
  })

  it('is refused where the role may not even ask', async (t) => {
    await runMigrate()
    await psql('revoke usage on schema migrations from sallyport_auth')

    await assertRefused(
      t,
      {},
      'The database does not tell its schema: permission denied for schema migrations.',
    )
  })

  it('is refused where the password is wrong, which it does not tell', async (t) => {
    await runMigrate()
    const url = new URL(server().auth)
    url.password = 'planted-and-wrong'

    const { output } = await assertRefused(
      t,
      { TOKEN_STORE: url.href, ACCOUNT_STORE: url.href },
      'No connection to the database: password authentication failed for user "sallyport_auth".',
    )

    assert.doesNotMatch(output, /planted/)
  })

  it('is refused for its users as for its tokens', async (t) => {
    const sentence = notMigrated('no migration was applied to it yet')

    await assertRefused(t, { TOKEN_STORE: 'memory:' }, sentence)
    await assertRefused(t, { ACCOUNT_STORE: 'memory:' }, sentence)
  })

  it('succeeds where the database is ahead of this version', async (t) => {
    await runMigrate()
    await psql(`insert into migrations.applied values ('core', 999, '999-later.sql', 'a checksum');
      alter table auth.sessions add column later text`)

    const auth = await startAuth(t, stores())

    await assert.doesNotReject(untilReady(auth.url))
  })

  function stores(): Variables {
    const { auth } = server()
    return { TOKEN_STORE: auth, ACCOUNT_STORE: auth }
  }

  async function assertRefused(t: TestContext, variables: Variables, sentence: string) {
    const started = await startUpOf(t, 'auth', { ...stores(), ...variables })
    assert.equal(started.code, 1)
    assert.deepEqual(started.find('listening'), [])
    assert.deepEqual(
      started.find(`auth could not start: ${sentence}`).map(({ level }) => level),
      ['error'],
    )
    assert.doesNotMatch(started.output, /\\n {4}at /) // it is a sentence and no stack
    return started
  }
})
