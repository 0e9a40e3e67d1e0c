import { describe, it } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { dumpOfPostgres } from '../../kit/store-dumps.ts'
import { openTokenBacking, sharePostgres } from '../../storage/postgres/open-stores.ts'
import { assertNoSecretIsKept, type OpenStore, twoAuthsContract } from './on-stores.ts'

describe('two auths on one Postgres', { skip: skipUnless('postgres', 'pg_dumpall') }, () => {
  const { server } = sharePostgres()
  const openStore: OpenStore = async (t) => {
    const { tokens, backing } = await openTokenBacking(t, server().auth)
    return { tokens, tokenBacking: backing }
  }

  twoAuthsContract(openStore)

  it('leave no secret in it', async (t) => {
    await assertNoSecretIsKept(t, openStore, () => dumpOfPostgres(server().postgres))
  })
})
