import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { maxRegistrations } from '../../../src/auth/accounts/account-store.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { accountStoreContract } from './account-store-contract.ts'
import { openMemoryAccounts } from './open-memory-accounts.ts'

accountStoreContract('accounts in memory', openMemoryAccounts)

describe('accounts to come, in memory', () => {
  it('are refused when there are too many, until some of them are dead', async () => {
    const { claims } = await openMemoryAccounts()
    const begin = (sub: string, seconds: number) => claims.begin({ sub, username: sub }, seconds)
    for (let index = 1; index < maxRegistrations; index++) await begin(`${index}`, 60)
    await begin('dead', 0)

    await begin('one more', 60)
    const refused = begin('yet one more', 60)

    await assertUnavailable(refused)
    assert.equal(await claims.find('yet one more'), undefined)
  })
})
