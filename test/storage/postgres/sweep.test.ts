import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { tokenStatements } from '../../../src/storage/postgres/statements.ts'
import { cleanupLock } from '../../../src/storage/postgres/tokens.ts'
import { connectClient } from '../../kit/database-client.ts'
import { skipUnless } from '../../kit/installed.ts'
import { isAlive, issue, markOf, session, verifyEmail } from '../token-store-kit.ts'
import { openTokens, sharePostgres } from './open-stores.ts'

/** As if all had died. */
const killAll = [
  'update auth.sessions set expires_at = 1, sweep_at = 1',
  'update auth.tokens set expires_at = 1, sweep_at = 1',
  'update auth.marks set expires_at = 1',
  'update auth.mark_changes set expires_at = 1',
]
/** As if all had been looked at last a life ago. */
const makeDue = 'update auth.sessions set sweep_at = 1'

describe('the sweep of Postgres', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()

  async function open(t: TestContext) {
    await server().emptyTables()
    const store = await openTokens(t, server().auth)
    const { ask } = await connectClient(t, server().auth)
    const count = async () =>
      (
        await ask(`select (select count(*) from auth.sessions),
        (select count(*) from auth.tokens), (select count(*) from auth.marks)`)
      )[0]
    return { store, ask, count }
  }

  it('removes dead sessions, other tokens and marks, at most as many at once as it is told', async (t) => {
    const { store, ask, count } = await open(t)
    for (let index = 0; index < 5; index++) {
      await issue(store)
      await issue(store, { purpose: verifyEmail })
      await store.revokeSubject(randomUUID(), [session])
    }
    for (const kill of killAll) await ask(kill)

    const slices = [
      await store.evictExpired(4),
      await store.evictExpired(4),
      await store.evictExpired(4),
      await store.evictExpired(4),
      await store.evictExpired(4),
    ]

    assert.deepEqual(slices, [
      { evicted: 4, isDone: false },
      { evicted: 4, isDone: false },
      { evicted: 4, isDone: false },
      { evicted: 3, isDone: true },
      { evicted: 0, isDone: true },
    ])
    assert.deepEqual(await count(), [0, 0, 0])
  })

  it('leaves what lives', async (t) => {
    const { store, count } = await open(t)
    const sub = randomUUID()
    await store.revokeSubject(sub, [session])
    const mark = await markOf(store, sub, session)
    const issued = await issue(store, { sub, mark })
    const code = await issue(store, { purpose: verifyEmail })

    const slice = await store.evictExpired(100)

    assert.deepEqual(slice, { evicted: 0, isDone: true })
    assert.deepEqual(await count(), [1, 1, 1])
    assert.equal(await isAlive(store, issued), true)
    assert.equal(await isAlive(store, code, verifyEmail), true)
  })

  it('passes over what lives though it is due, and looks again when that would die by now', async (t) => {
    const { store, ask } = await open(t)
    for (let index = 0; index < 5; index++) await issue(store)
    await ask(makeDue)

    const slices = [
      await store.evictExpired(2),
      await store.evictExpired(2),
      await store.evictExpired(2),
    ]

    assert.deepEqual(slices, [
      { evicted: 0, isDone: false },
      { evicted: 0, isDone: false },
      { evicted: 0, isDone: true },
    ])
    const rows = await ask('select count(*) from auth.sessions where sweep_at = expires_at')
    assert.deepEqual(rows, [[5]])
  })

  it('waits for nobody: rows that another holds are left for later', async (t) => {
    const { store, ask, count } = await open(t)
    const [held] = [await issue(store), await issue(store), await issue(store)]
    for (const kill of killAll) await ask(kill)
    await ask('begin')
    await ask('select from auth.sessions where hash = $1 for update', [held.key.hash])

    const slice = await store.evictExpired(10)

    assert.deepEqual(slice, { evicted: 2, isDone: true })
    assert.deepEqual(await count(), [1, 0, 0])
    await ask('commit')
    assert.deepEqual(await store.evictExpired(10), { evicted: 1, isDone: true })
  })

  it('is done by one process at a time, and the others have nothing to do meanwhile', async (t) => {
    const { store, ask, count } = await open(t)
    for (let index = 0; index < 3; index++) await issue(store)
    for (const kill of killAll) await ask(kill)
    await ask('begin')
    const [ours] = await ask(tokenStatements.sessions.sweep.text, [1, cleanupLock])

    const meanwhile = await store.evictExpired(10)

    assert.deepEqual([ours, meanwhile], [[1, 1], { evicted: 0, isDone: true }])
    await ask('commit')
    assert.deepEqual(await store.evictExpired(10), { evicted: 2, isDone: true })
    assert.deepEqual(await count(), [0, 0, 0])
  })

  it('takes no session that another lets live on at the same moment', async (t) => {
    const { store, ask } = await open(t)
    const { key } = await issue(store)
    for (const kill of killAll) await ask(kill)
    await ask('begin')
    await ask('update auth.sessions set expires_at = $1', [Date.now() + 60_000])

    const during = await store.evictExpired(10)

    await ask('commit')
    const after = await store.evictExpired(10)
    assert.deepEqual([during.evicted, after.evicted], [0, 0])
    assert.equal(await isAlive(store, { key }), true)
  })

  it('removes dead changes with their marks, and leaves the living ones', async (t) => {
    const { store, ask } = await open(t)
    for (const change of ['one', 'two', 'three'])
      await store.revokeSubject(randomUUID(), [session, verifyEmail], change)
    await ask(`update auth.mark_changes set expires_at = 1 where change_id <> 'two'`)

    const slices = [await store.evictExpired(3), await store.evictExpired(3)]

    assert.deepEqual(slices, [
      { evicted: 3, isDone: false },
      { evicted: 1, isDone: true },
    ])
    const left = await ask('select distinct change_id from auth.mark_changes')
    assert.deepEqual(left, [['two']])
  })

  it('takes no session that was reinflated in a race with it, however near its death', async (t) => {
    const { store, ask } = await open(t)
    const nearDeath = `update auth.sessions set sweep_at = 1,
      expires_at = floor(extract(epoch from clock_timestamp()) * 1000) + $1`
    let lived = 0
    for (let round = 0; round < 300; round++) {
      const { key } = await issue(store)
      await ask(nearDeath, [round % 4])

      const [[answer]] = await Promise.all([
        store.reinflate([key], session),
        store.evictExpired(10),
        store.evictExpired(10),
      ])

      assert.equal(await isAlive(store, { key }), answer !== undefined, `round ${round}`)
      if (answer !== undefined) lived++
      await store.revoke(key, session)
    }
    assert.equal(lived > 0 && lived < 300, true, `${lived} lived: there was no race`)
  })

  it('loses no reinflation of many sessions that it looks at', async (t) => {
    const { store, ask } = await open(t)
    const issued = await Promise.all(Array.from({ length: 100 }, () => issue(store)))
    const keys = issued.map(({ key }) => key)
    const rounds = 50

    for (let round = 0; round < rounds; round++) {
      await ask(makeDue)
      const [answers] = await Promise.all([store.reinflate(keys, session), store.evictExpired(60)])
      assert.equal(answers.includes(undefined), false, `round ${round}`)
    }

    const last = await store.reinflate(keys, session)
    assert.deepEqual(new Set(last.map((token) => token?.refreshCount)), new Set([rounds + 1]))
  })
})
