import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { postgresSessionIndex } from '../../../src/auth/sessions/postgres.ts'
import { skipUnless } from '../../kit/installed.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { openTokenBacking, sharePostgres } from '../../storage/postgres/open-stores.ts'
import { sessionIndexContract } from './index-contract.ts'
import { lifeSeconds, newSession } from './index-kit.ts'
import { sessionLimitContract } from './limit-contract.ts'
import { sessionsOverHttp } from './over-http.ts'

describe('on one Postgres', { skip: skipUnless('postgres') }, () => {
  const postgres = sharePostgres()

  async function open(t: TestContext) {
    await postgres.server().emptyTables()
    const { tokens, backing } = await openTokenBacking(t, postgres.server().auth)
    const indexFor = (seconds: number) =>
      postgresSessionIndex({ database: backing.database, lifeSeconds: seconds })
    return { index: indexFor(lifeSeconds), indexFor, tokens, tokenBacking: backing }
  }

  sessionIndexContract('the session index in Postgres', open)
  sessionLimitContract('sessions in Postgres', open)
  sessionsOverHttp(async (t) => {
    const { tokens, tokenBacking } = await open(t)
    return { tokens, tokenBacking }
  })

  it('evicts what is older than any session can be, and nothing else', async (t) => {
    const { index, indexFor } = await open(t)
    const living = newSession()
    await index.add('user', living)
    await indexFor(0).add('user', newSession())
    await indexFor(0).add('other', newSession())

    await index.evictExpired(10)

    assert.deepEqual(await index.list('user'), [living])
    assert.deepEqual(await index.list('other'), [])
  })

  it('evicts no more than it is told to', async (t) => {
    const { indexFor } = await open(t)
    const index = indexFor(0)
    for (let nth = 0; nth < 3; nth++) await index.add('user', newSession())

    await index.evictExpired(2)

    assert.equal((await index.list('user')).length, 1)
  })

  it('evicts what is due once, though several auths do it at once', async (t) => {
    const { indexFor } = await open(t)
    const index = indexFor(0)
    for (let nth = 0; nth < 64; nth++) await index.add(`user ${nth}`, newSession())

    await Promise.all(Array.from({ length: 16 }, () => index.evictExpired(64)))
    await index.evictExpired(64)

    const left = await Promise.all(
      Array.from({ length: 64 }, (_, nth) => index.list(`user ${nth}`)),
    )
    assert.deepEqual(left.flat(), [])
  })

  it('refuses everything when the store is closed', async (t) => {
    const { index, tokens } = await open(t)

    await tokens.close()

    await assertUnavailable(index.add('user', newSession()))
    await assertUnavailable(index.list('user'))
    await assertUnavailable(index.remove('user', []))
    await assertUnavailable(index.evictExpired(1))
  })
})
