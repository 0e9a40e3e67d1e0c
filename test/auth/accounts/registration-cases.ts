/** Accounts to come: who is the subject of the claim of an address that has none yet. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type AccountCase, consequences, newAccount, nothingElse } from './account-store-kit.ts'

const long = 3_600
const claimOf = (fields = {}) => ({ sub: randomUUID(), username: 'ann@example.com', ...fields })

export const registrationCases: readonly AccountCase[] = [
  {
    sentence: 'gives each account to come a claim of its own',
    run: async ({ claims }) => {
      const [claim, other] = [claimOf(), claimOf({ username: 'a\0b\\0@example.com' })]

      const subjects = [await claims.begin(claim, long), await claims.begin(other, long)]

      assert.deepEqual(subjects, [claim.sub, other.sub])
      assert.deepEqual(await claims.find(claim.sub), claim)
      assert.deepEqual(await claims.find(other.sub), other)
    },
  },
  {
    sentence: 'begins no second account for an address, but goes on with the first',
    run: async ({ claims }) => {
      const [first, second] = [claimOf(), claimOf()]
      await claims.begin(first, long)

      assert.equal(await claims.begin(second, long), first.sub)

      assert.deepEqual(await claims.find(first.sub), first)
      assert.equal(await claims.find(second.sub), undefined)
      assert.equal(await claims.sweep(10), 0)
    },
  },
  {
    sentence: 'begins one account where 16 ask for one address at once',
    run: async ({ claims }) => {
      for (let round = 0; round < 5; round++) {
        const username = `${randomUUID()}@example.com`
        const rivals = Array.from({ length: 16 }, () => claimOf({ username }))

        const subjects = await Promise.all(rivals.map((rival) => claims.begin(rival, long)))

        assert.equal(new Set(subjects).size, 1, `round ${round}`)
        const found = await Promise.all(rivals.map(({ sub }) => claims.find(sub)))
        assert.deepEqual(
          found.filter((one) => one !== undefined),
          rivals.filter(({ sub }) => sub === subjects[0]),
        )
      }
    },
  },
  {
    sentence: 'takes no claim of an account that is there for one of an account to come',
    run: async ({ claims }) => {
      const [held, begun] = [claimOf(), claimOf()]
      await claims.hold(held, long, [])

      assert.equal(await claims.begin(begun, long), begun.sub)

      assert.deepEqual(await claims.find(held.sub), held)
    },
  },
  {
    sentence: 'gives an account to come the life that was said last',
    run: async ({ claims }) => {
      const claim = claimOf()
      await claims.begin(claim, 0)
      const dead = await claims.find(claim.sub)
      await claims.begin(claimOf(), long)
      const living = await claims.find(claim.sub)
      await claims.begin(claimOf(), 0)

      assert.deepEqual([dead, living], [undefined, claim])
      assert.equal(await claims.find(claim.sub), undefined)
      assert.equal(await claims.sweep(10), 1)
    },
  },
  {
    sentence: 'begins another account for an address whose claim has gone',
    run: async ({ accounts, claims }) => {
      const [made, dead] = [claimOf(), claimOf({ username: 'bob@example.com' })]
      await claims.begin(made, long)
      await claims.begin(dead, 0)
      const account = newAccount({ id: made.sub, username: made.username })
      await accounts.create(account, nothingElse)
      await claims.sweep(10)
      // Whose account is there begins none; where that is done all the same, it goes with the claim.
      const changed = claimOf({ sub: made.sub, username: 'eve@example.com' })
      await claims.begin(changed, long)
      const [actor, to] = [newAccount(), { ...account, isDisabled: true }]
      await accounts.create(actor, nothingElse)
      await accounts.replaceBy(actor, account, to, consequences(to, 'disabled'))

      for (const { username } of [made, dead, changed]) {
        const next = claimOf({ username })
        assert.equal(await claims.begin(next, long), next.sub)
      }
    },
  },
]
