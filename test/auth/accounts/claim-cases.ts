/** Addresses that wait to be verified, sessions that wait to be ended, and mails that go with no change. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { assertUnavailable } from '../../storage/contract.ts'
import { passRealTime } from '../../storage/token-store-kit.ts'
import { passwordHash } from '../../storage/user-store-kit.ts'
import { type AccountCase, consequences, newAccount, nothingElse } from './account-store-kit.ts'

const long = 3_600
const claimOf = (fields = {}) => ({ sub: randomUUID(), username: 'ann@example.com', ...fields })

export const claimCases: readonly AccountCase[] = [
  {
    sentence: 'finds the claim of a subject, and none of another',
    run: async ({ claims, kept }) => {
      const [claim, other] = [claimOf(), claimOf({ username: 'a\0b\\0@example.com' })]
      await claims.hold(claim, long, [{ template: 'verify', sub: claim.sub }])
      await claims.hold(other, long, [])

      assert.deepEqual(await claims.find(claim.sub), claim)
      assert.deepEqual(await claims.find(other.sub), other)
      assert.equal(await claims.find(randomUUID()), undefined)
      assert.deepEqual(await kept(), ['mail verify'])
    },
  },
  {
    sentence: 'keeps the last claim of a subject',
    run: async ({ claims }) => {
      const claim = claimOf()
      await claims.hold(claim, long, [])

      await claims.hold({ ...claim, username: 'next@example.com' }, long, [])

      assert.equal((await claims.find(claim.sub))?.username, 'next@example.com')
    },
  },
  {
    sentence:
      'holds a claim while its account has the password that it was asked with, and not longer',
    run: async ({ accounts, claims, kept }) => {
      const account = newAccount()
      await accounts.create(account, nothingElse)
      const claim = claimOf({ sub: account.id })
      await claims.hold({ ...claim, passwordHash: account.passwordHash }, long, [])
      const changed = { ...account, passwordHash: passwordHash('second') }

      await accounts.replace(account, changed, consequences(changed, 'password_changed'))
      const left = await claims.find(account.id)
      const late = claims.hold({ ...claim, passwordHash: account.passwordHash }, long, [
        { template: 'late', sub: account.id },
      ])

      await assertUnavailable(late)
      assert.deepEqual([left, await claims.find(account.id)], [undefined, undefined])
      assert.equal((await kept()).includes('mail late'), false)
    },
  },
  {
    sentence: 'keeps the claim of an account through a change that ends no session',
    run: async ({ accounts, claims }) => {
      const account = newAccount()
      await accounts.create(account, nothingElse)
      const claim = claimOf({ sub: account.id })
      await claims.hold(claim, long, [])

      await accounts.replace(account, { ...account, name: 'Other' }, nothingElse)

      assert.deepEqual(await claims.find(account.id), claim)
    },
  },
  {
    sentence: 'finds no claim whose life is over, and removes it',
    run: async ({ claims }) => {
      const [dead, living] = [claimOf(), claimOf()]
      await claims.hold(living, long, [])
      await claims.hold(dead, 0, [])

      assert.equal(await claims.find(dead.sub), undefined)
      assert.equal(await claims.sweep(10), 1)
      assert.equal(await claims.sweep(10), 0)
      assert.deepEqual(await claims.find(living.sub), living)
    },
  },
  {
    sentence: 'finds a claim for as long as it was told',
    run: async ({ claims }) => {
      const claim = claimOf()
      await claims.hold(claim, 1, [])

      assert.deepEqual(await claims.find(claim.sub), claim)
      await passRealTime(1_010)
      assert.equal(await claims.find(claim.sub), undefined)
    },
  },
  {
    sentence: 'removes at most as many claims as it is told',
    run: async ({ claims }) => {
      for (let index = 0; index < 5; index++) await claims.hold(claimOf(), 0, [])

      assert.deepEqual(
        [await claims.sweep(3), await claims.sweep(3), await claims.sweep(3)],
        [3, 2, 0],
      )
    },
  },
  {
    sentence: 'forgets the claim of an account that is made, renamed or removed',
    run: async ({ accounts, claims }) => {
      const account = newAccount()
      const claim = claimOf({ sub: account.id })
      const held = async () => (await claims.find(account.id)) !== undefined
      await claims.hold(claim, long, [])

      await accounts.create(account, nothingElse)
      const afterCreation = await held()
      await claims.hold(claim, long, [])
      await accounts.replace(account, { ...account, name: 'Other' }, nothingElse)
      const afterOther = await held()
      const renamed = { ...account, name: 'Other', username: claim.username }
      await accounts.replace({ ...account, name: 'Other' }, renamed, nothingElse)
      const afterRename = await held()
      await claims.hold(claim, long, [])
      await accounts.remove(renamed, nothingElse)

      assert.deepEqual([afterCreation, afterOther, afterRename], [false, true, false])
      assert.equal(await held(), false)
    },
  },
  {
    sentence: 'forgets a revocation that is settled, and no other',
    run: async ({ accounts, revocations }) => {
      const [one, other] = [newAccount(), newAccount()]
      const [first, second] = [one, other].map((each) => consequences(each, 'registered'))
      await accounts.create(one, first ?? nothingElse)
      await accounts.create(other, second ?? nothingElse)

      await revocations.settle(first?.revocation?.changeId ?? '')

      assert.deepEqual(await revocations.pending(9), [second?.revocation])
      assert.deepEqual(await revocations.pending(0), [])
    },
  },
  {
    sentence: 'asks for mails that go with no change',
    run: async ({ mails, kept }) => {
      await mails.ask([{ template: 'reset', sub: randomUUID() }])

      assert.deepEqual(await kept(), ['mail reset'])
    },
  },
]
