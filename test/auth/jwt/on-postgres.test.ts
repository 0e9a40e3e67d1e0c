import { describe, it } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { dumpOfPostgres } from '../../kit/store-dumps.ts'
import { openTokenBacking, sharePostgres } from '../../storage/postgres/open-stores.ts'
import * as cases from './on-stores.ts'

describe('two auths on one Postgres', { skip: skipUnless('postgres', 'pg_dumpall') }, () => {
  const { server } = sharePostgres()
  const openStore: cases.OpenStore = async (t) => {
    const { tokens, backing } = await openTokenBacking(t, server().auth)
    return { tokens, tokenBacking: backing }
  }

  it('let one of 16 simultaneous refreshes mint, and give the others its bytes', async (t) => {
    await cases.assertOneOf16Mints(t, openStore)
  })

  it('let one of 16 simultaneous refreshes succeed where there is no window', async (t) => {
    await cases.assertOneOf16Succeeds(t, openStore)
  })

  it('end a family at both for what was presented to one', async (t) => {
    await cases.assertReuseEndsEverywhere(t, openStore)
  })

  it('end the families of a user at both', async (t) => {
    await cases.assertEndOfUserEndsEverywhere(t, openStore)
  })

  it('leave no secret in it', async (t) => {
    await cases.assertNoSecretIsKept(t, openStore, () => dumpOfPostgres(server().postgres))
  })
})
