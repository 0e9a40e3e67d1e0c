import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { maxClaims } from '../../../src/auth/accounts/account-store.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { accountStoreContract } from './account-store-contract.ts'
import { openMemoryAccounts } from './open-memory-accounts.ts'

accountStoreContract('accounts in memory', openMemoryAccounts)

describe('claims in memory', () => {
  it('are refused when there are too many, until some of them are dead', async () => {
    const { claims } = await openMemoryAccounts()
    const hold = (sub: string, seconds: number) => claims.hold({ sub, username: 'x' }, seconds, [])
    for (let index = 1; index < maxClaims; index++) await hold(`${index}`, 60)
    await hold('dead', 0)

    await hold('one more', 60)
    const refused = hold('yet one more', 60)

    await assertUnavailable(refused)
    assert.equal(await claims.find('yet one more'), undefined)
  })
})
