import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { postgresFamilies } from '../../../src/auth/jwt/families-postgres.ts'
import { databaseName } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { openTokenBacking, sharePostgres } from '../../storage/postgres/open-stores.ts'
import { passRealTime } from '../../storage/token-store-kit.ts'
import { familiesContract, sweptFamiliesContract } from './families-contract.ts'
import { briefLimits, limits, type OpenedSwept, openFamily, rotateOn } from './families-kit.ts'

describe('on one Postgres', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()

  async function open(t: TestContext): Promise<OpenedSwept> {
    await server().emptyTables()
    const { tokens, backing } = await openTokenBacking(t, server().auth)
    const families = postgresFamilies({ ...backing, ...limits })
    const brief = postgresFamilies({ ...backing, ...briefLimits })
    return { families, brief, tokens, pass: passRealTime }
  }

  familiesContract('refresh families in Postgres', open)
  sweptFamiliesContract('the sweep of refresh families in Postgres', open)

  it('tells of a family from before sources were filed that its source is unknown', async (t) => {
    const { families } = await open(t)
    const family = await openFamily(families, { source: '192.0.2.7' })
    const shorten = `update auth.refresh_families set record = replace(record, ',"192.0.2.7"', '')`
    await server().postgres.psql(shorten, databaseName)

    await rotateOn(families, family, family.tokenHash)

    const [found] = await families.peek([family.place])
    assert.equal(found?.source, 'unknown')
    assert.equal(found?.clientId, family.clientId)
  })
})
