import { describe, type TestContext } from 'node:test'
import { postgresFamilies } from '../../../src/auth/jwt/families-postgres.ts'
import { skipUnless } from '../../kit/installed.ts'
import { openTokenBacking, sharePostgres } from '../../storage/postgres/open-stores.ts'
import { passRealTime } from '../../storage/token-store-kit.ts'
import { familiesContract, sweptFamiliesContract } from './families-contract.ts'
import { briefLimits, limits, type OpenedSwept } from './families-kit.ts'

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
})
