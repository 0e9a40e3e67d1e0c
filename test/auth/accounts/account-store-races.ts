/** What only shows when several change accounts at once. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { Account } from '../../../src/auth/accounts/account-store.ts'
import { type AccountCase, consequences, newAccount, nothingElse } from './account-store-kit.ts'

const rounds = 5
const callers = Array.from({ length: 16 }, (_, index) => index)

export const accountRaceCases: readonly AccountCase[] = [
  {
    sentence:
      'lets one of 16 simultaneous creators have a user name, and keeps what belongs to that one',
    run: async ({ accounts, users, revocations, kept }) => {
      for (let round = 0; round < rounds; round++) {
        const username = `${randomUUID()}@example.com`
        const rivals = callers.map(() => newAccount({ username }))

        const outcomes = await Promise.all(
          rivals.map((rival) => accounts.create(rival, consequences(rival, 'registered'))),
        )

        const winners = rivals.filter((_, index) => outcomes[index])
        assert.equal(winners.length, 1, `round ${round}`)
        assert.equal((await users.findByUsername(username))?.id, winners[0]?.id)
      }
      assert.equal((await kept()).length, 2 * rounds)
      assert.equal((await revocations.pending(1_000)).length, rounds)
    },
  },
  {
    sentence:
      'makes one of 16 simultaneous changes of an account, and keeps what belongs to that one',
    run: async ({ accounts, kept }) => {
      for (let round = 0; round < rounds; round++) {
        const account = newAccount()
        await accounts.create(account, nothingElse)
        const changes = callers.map((caller) => ({ ...account, name: `Caller ${caller}` }))

        const outcomes = await Promise.all(
          changes.map((to) => accounts.replace(account, to, consequences(to, 'renamed'))),
        )

        const winners = changes.filter((_, index) => outcomes[index] === 'replaced')
        assert.equal(winners.length, 1, `round ${round}: ${outcomes.join()}`)
        assert.deepEqual(await accounts.find(account.id), winners[0])
      }
      assert.equal((await kept()).length, 2 * rounds)
    },
  },
  {
    sentence: 'makes one of two changes by which two accounts disable each other, 16 times',
    run: async ({ accounts, kept }) => {
      for (let round = 0; round < 16; round++) {
        const [one, other] = [newAccount(), newAccount()]
        for (const each of [one, other]) await accounts.create(each, nothingElse)
        const disable = (actor: Account, from: Account) => {
          const to = { ...from, isDisabled: true }
          return accounts.replaceBy(actor, from, to, consequences(to, 'disabled'))
        }

        const outcomes = await Promise.all([disable(one, other), disable(other, one)])

        assert.deepEqual(outcomes.sort(), ['replaced', 'stale'], `round ${round}`)
        const found = await Promise.all([one, other].map(({ id }) => accounts.find(id)))
        assert.equal(found.filter((each) => each?.isDisabled === false).length, 1)
      }
      assert.equal((await kept()).length, 2 * 16)
    },
  },
  {
    sentence: 'gives a user name to one of 16 accounts that change to it at once',
    run: async ({ accounts, users }) => {
      for (let round = 0; round < rounds; round++) {
        const username = `${randomUUID()}@example.com`
        const rivals = callers.map(() => newAccount())
        for (const rival of rivals) await accounts.create(rival, nothingElse)

        const outcomes = await Promise.all(
          rivals.map((rival) => accounts.replace(rival, { ...rival, username }, nothingElse)),
        )

        const winners = rivals.filter((_, index) => outcomes[index] === 'replaced')
        assert.equal(winners.length, 1, `round ${round}: ${outcomes.join()}`)
        assert.equal((await users.findByUsername(username))?.id, winners[0]?.id)
        for (const rival of rivals.filter((one) => one !== winners[0]))
          assert.deepEqual(await accounts.find(rival.id), rival)
      }
    },
  },
  {
    sentence: 'gives a user name to one account where some are made and some change at once',
    run: async ({ accounts, users }) => {
      for (let round = 0; round < rounds; round++) {
        const username = `${randomUUID()}@example.com`
        const changing = callers.slice(8).map(() => newAccount())
        for (const one of changing) await accounts.create(one, nothingElse)

        const outcomes = await Promise.all([
          ...changing.map((one) => accounts.replace(one, { ...one, username }, nothingElse)),
          ...changing.map(() => accounts.create(newAccount({ username }), nothingElse)),
        ])

        const won = outcomes.filter((one) => one === true || one === 'replaced')
        assert.equal(won.length, 1, `round ${round}: ${outcomes.join()}`)
        assert.ok((await users.findByUsername(username)) !== undefined)
      }
    },
  },
  {
    sentence: 'removes an account for one of 16 who ask at once, and keeps what belongs to that',
    run: async ({ accounts, kept }) => {
      const account = newAccount()
      await accounts.create(account, nothingElse)

      const outcomes = await Promise.all(
        callers.map(() => accounts.remove(account, consequences(account, 'deleted'))),
      )

      assert.equal(outcomes.filter((isRemoved) => isRemoved).length, 1)
      assert.equal((await kept()).length, 2)
    },
  },
]
