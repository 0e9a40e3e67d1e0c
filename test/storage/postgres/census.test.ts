import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { databaseName } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { issue } from '../token-store-kit.ts'
import { sharePostgres } from './open-stores.ts'

const many = `
  insert into auth.sessions (hash, purpose, subject_tag, record, issued_at, cap_at, expires_at, sweep_at)
  select n::text, 'session', 'tag', '[]', 0, 0, 0, 0 from generate_series(1, 200000) as n;
  analyze auth.sessions;`

describe('A census of tokens in Postgres', { skip: skipUnless('postgres') }, () => {
  const postgres = sharePostgres()

  it('is exact where they are few, and says so', async (t) => {
    const { store } = await postgres.open(t)
    await issue(store)
    await issue(store)

    const { counts, isSampled } = await store.census()

    assert.deepEqual([{ ...counts }, isSampled], [{ session: 2 }, false])
  })

  it('is inferred from a part of them where they are many, and says so', async (t) => {
    const { store } = await postgres.open(t)
    await issue(store)
    await postgres.server().postgres.psql(many, databaseName)

    const { counts, isSampled } = await store.census()

    assert.equal(isSampled, true)
    assert.ok(Math.abs((counts.session ?? 0) - 200_000) < 100_000, `${counts.session} sessions`)
  })
})
