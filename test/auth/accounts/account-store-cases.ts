/** Creating, finding, changing and removing accounts, one at a time. */
import assert from 'node:assert/strict'
import type { Account } from '../../../src/auth/accounts/account-store.ts'
import { hostileTexts } from '../../storage/contract.ts'
import { newUser, passwordHash } from '../../storage/user-store-kit.ts'
import { type AccountCase, consequences, newAccount, nothingElse } from './account-store-kit.ts'

const creationCases: readonly AccountCase[] = [
  {
    sentence: 'knows no account that was not created',
    run: async ({ accounts }) => {
      assert.equal(await accounts.find(newAccount().id), undefined)
      assert.deepEqual(await accounts.list({ after: '', limit: 10 }), [])
    },
  },
  {
    sentence: 'finds an account whole, and the core finds its user',
    run: async ({ accounts, users }) => {
      const account = newAccount({ verifiedAt: undefined, roles: ['b', 'a'], isDisabled: true })

      assert.equal(await accounts.create(account, nothingElse), true)

      assert.deepEqual(await accounts.find(account.id), account)
      const { id, username, name, passwordHash: hash, isDisabled } = account
      const user = { id, username, name, passwordHash: hash, isDisabled }
      assert.deepEqual(await users.findByUsername(username), user)
    },
  },
  {
    sentence: 'takes a user of the core for a verified account without roles',
    run: async ({ accounts, users }) => {
      const user = newUser()
      await users.create(user)

      const account = await accounts.find(user.id)

      const { verifiedAt, createdAt, updatedAt, ...rest } = account ?? newAccount()
      assert.deepEqual(rest, { ...user, roles: [] })
      assert.ok([verifiedAt, createdAt, updatedAt].every((at) => Number(at) > 1_700_000_000_000))
    },
  },
  {
    sentence: 'refuses a user name or an id that is taken, and keeps nothing',
    run: async ({ accounts, revocations, kept }) => {
      const account = newAccount()
      await accounts.create(account, nothingElse)
      const sameName = newAccount({ username: account.username })
      const sameId = newAccount({ id: account.id })

      const outcomes = [
        await accounts.create(sameName, consequences(sameName, 'registered')),
        await accounts.create(sameId, consequences(sameId, 'registered')),
      ]

      assert.deepEqual(outcomes, [false, false])
      assert.equal(await accounts.find(sameName.id), undefined)
      assert.deepEqual(await accounts.find(account.id), account)
      assert.deepEqual([await kept(), await revocations.pending(9)], [[], []])
    },
  },
  {
    sentence: 'keeps with an account all that belongs to its creation',
    run: async ({ accounts, revocations, kept }) => {
      const account = newAccount()
      const belonging = consequences(account, 'registered')

      await accounts.create(account, belonging)

      assert.deepEqual(await kept(), [`registered ${account.id}`, 'mail about-registered'])
      assert.deepEqual(await revocations.pending(9), [belonging.revocation])
    },
  },
  {
    sentence: 'keeps hostile texts as they are',
    run: async ({ accounts }) => {
      for (const [what, text] of hostileTexts) {
        const account = newAccount({ username: text, name: text, roles: [text, 'x'] })
        await accounts.create(account, nothingElse)
        const renamed = { ...account, name: `${text}!`, username: `${text}!` }
        assert.equal(await accounts.replace(account, renamed, nothingElse), 'replaced', what)
        assert.deepEqual(await accounts.find(account.id), renamed, what)
        assert.equal(await accounts.remove(renamed, nothingElse), true, what)
      }
    },
  },
  {
    sentence: 'gives copies, and keeps copies',
    run: async ({ accounts }) => {
      const roles = ['writer']
      const account = newAccount({ roles })
      await accounts.create(account, nothingElse)
      roles.push('administrator')
      const found = await accounts.find(account.id)
      Reflect.set(found?.roles ?? [], 1, 'administrator')

      assert.deepEqual((await accounts.find(account.id))?.roles, ['writer'])
    },
  },
  {
    sentence: 'lists accounts in the order of their ids, a page at a time',
    run: async ({ accounts }) => {
      const all = ['c', 'a', 'b', 'e', 'd'].map((id) => newAccount({ id }))
      for (const account of all) await accounts.create(account, nothingElse)
      const idsOf = (page: readonly Account[]) => page.map(({ id }) => id).join('')

      const first = await accounts.list({ after: '', limit: 2 })
      const second = await accounts.list({ after: 'b', limit: 2 })
      const third = await accounts.list({ after: 'd', limit: 2 })

      assert.deepEqual([first, second, third].map(idsOf), ['ab', 'cd', 'e'])
      assert.deepEqual(first[0], all[1])
    },
  },
]

const edited = (account: Account): Account => ({
  ...account,
  username: `new-${account.username}`,
  name: 'Other',
  passwordHash: passwordHash('second'),
  isDisabled: true,
  verifiedAt: undefined,
  roles: [],
  updatedAt: 1_700_000_000_009,
})

/** One for each part by which a change may have been decided. */
const otherwise = (account: Account): readonly Account[] => [
  { ...account, username: 'another@example.com' },
  { ...account, name: 'Another' },
  { ...account, passwordHash: passwordHash('another') },
  { ...account, isDisabled: true },
  { ...account, verifiedAt: undefined },
  { ...account, verifiedAt: 5 },
  { ...account, roles: [] },
]

const changeCases: readonly AccountCase[] = [
  {
    sentence:
      'puts all parts of an account in the place of those before, with all that belongs to it',
    run: async ({ accounts, users, revocations, kept }) => {
      const account = newAccount()
      await accounts.create(account, nothingElse)
      const to = edited(account)
      const belonging = consequences(to, 'renamed')

      const outcome = await accounts.replace(account, to, belonging)

      assert.equal(outcome, 'replaced')
      assert.deepEqual(await accounts.find(account.id), to)
      assert.equal((await users.findByUsername(to.username))?.id, account.id)
      assert.equal(await users.findByUsername(account.username), undefined)
      assert.deepEqual(await kept(), [`renamed ${account.id}`, 'mail about-renamed'])
      assert.deepEqual(await revocations.pending(9), [belonging.revocation])
    },
  },
  {
    sentence: 'changes no account that is no longer as it was, and keeps nothing',
    run: async ({ accounts, revocations, kept }) => {
      const account = newAccount()
      await accounts.create(account, nothingElse)

      for (const from of otherwise(account)) {
        const to = { ...from, name: 'Third' }
        assert.equal(await accounts.replace(from, to, consequences(to, 'renamed')), 'stale')
      }

      assert.deepEqual(await accounts.find(account.id), account)
      assert.deepEqual([await kept(), await revocations.pending(9)], [[], []])
    },
  },
  {
    sentence: 'gives no account the user name of another, and keeps nothing',
    run: async ({ accounts, users, revocations, kept }) => {
      const [one, other] = [newAccount(), newAccount()]
      await accounts.create(one, nothingElse)
      await accounts.create(other, nothingElse)
      const to = { ...one, username: other.username, name: 'Third' }

      const outcome = await accounts.replace(one, to, consequences(to, 'username_changed'))

      assert.equal(outcome, 'taken')
      assert.deepEqual(await accounts.find(one.id), one)
      assert.equal((await users.findByUsername(other.username))?.id, other.id)
      assert.deepEqual([await kept(), await revocations.pending(9)], [[], []])
    },
  },
  {
    sentence: 'changes an account for another that is as it was, but not its user name',
    run: async ({ accounts, claims, revocations, kept }) => {
      const [actor, account] = [newAccount(), newAccount()]
      for (const one of [actor, account]) await accounts.create(one, nothingElse)
      await claims.hold({ sub: account.id, username: 'new@example.com' }, 60, [])
      const to = edited(account)
      const belonging = consequences(to, 'disabled')

      const outcome = await accounts.replaceBy(actor, account, to, belonging)

      assert.equal(outcome, 'replaced')
      assert.deepEqual(await accounts.find(account.id), { ...to, username: account.username })
      assert.deepEqual(await accounts.find(actor.id), actor)
      assert.deepEqual(await kept(), [`disabled ${account.id}`, 'mail about-disabled'])
      assert.deepEqual(await revocations.pending(9), [belonging.revocation])
      assert.equal(await claims.find(account.id), undefined)
    },
  },
  {
    sentence:
      'changes nothing for who is no longer as they were, nor what is not, and keeps nothing',
    run: async ({ accounts, revocations, kept }) => {
      const [actor, account, nobody] = [newAccount(), newAccount(), newAccount()]
      for (const one of [actor, account]) await accounts.create(one, nothingElse)
      const to = { ...account, isDisabled: true }
      const attempt = (by: Account, from: Account) =>
        accounts.replaceBy(by, from, to, consequences(to, 'disabled'))

      const outcomes = [await attempt(nobody, account), await attempt(actor, nobody)]
      for (const one of otherwise(actor)) outcomes.push(await attempt(one, account))
      for (const one of otherwise(account)) outcomes.push(await attempt(actor, one))

      assert.deepEqual([...new Set(outcomes)], ['stale'])
      assert.deepEqual(await accounts.find(account.id), account)
      assert.deepEqual([await kept(), await revocations.pending(9)], [[], []])
    },
  },
  {
    sentence: 'changes no account that there is not, and makes none',
    run: async ({ accounts }) => {
      const account = newAccount()

      assert.equal(await accounts.replace(account, edited(account), nothingElse), 'stale')
      assert.equal(await accounts.remove(account, nothingElse), false)

      assert.equal(await accounts.find(account.id), undefined)
    },
  },
  {
    sentence: 'removes an account, with all that belongs to it, and frees its user name',
    run: async ({ accounts, users, revocations, kept }) => {
      const account = newAccount()
      await accounts.create(account, nothingElse)
      const belonging = consequences(account, 'deleted')

      assert.equal(await accounts.remove(account, belonging), true)

      assert.equal(await accounts.find(account.id), undefined)
      assert.equal(await users.findByUsername(account.username), undefined)
      assert.deepEqual(await kept(), [`deleted ${account.id}`, 'mail about-deleted'])
      assert.deepEqual(await revocations.pending(9), [belonging.revocation])
      const next = newAccount({ username: account.username })
      assert.equal(await accounts.create(next, nothingElse), true)
    },
  },
  {
    sentence: 'removes no account that is no longer as it was, and keeps nothing',
    run: async ({ accounts, revocations, kept }) => {
      const account = newAccount()
      await accounts.create(account, nothingElse)

      for (const from of otherwise(account))
        assert.equal(await accounts.remove(from, consequences(from, 'deleted')), false)

      assert.deepEqual(await accounts.find(account.id), account)
      assert.deepEqual([await kept(), await revocations.pending(9)], [[], []])
    },
  },
  {
    sentence: 'leaves every other account as it was, whatever becomes of one',
    run: async ({ accounts }) => {
      const account = newAccount()
      // As like it as may be.
      const others = [1, 2, 3].map(() => ({
        ...account,
        id: newAccount().id,
        username: newAccount().username,
      }))
      for (const one of [account, ...others]) await accounts.create(one, nothingElse)
      const renamed = edited(account)
      const second = { ...renamed, name: 'Third' }

      await accounts.replace(account, renamed, consequences(renamed, 'username_changed'))
      await accounts.replace(renamed, second, consequences(second, 'disabled'))
      await accounts.remove(second, consequences(second, 'deleted'))

      const left = await accounts.list({ after: '', limit: 10 })
      const byId = (one: Account, other: Account) => (one.id < other.id ? -1 : 1)
      assert.deepEqual([...left], others.toSorted(byId))
    },
  },
  {
    sentence: 'takes another password hash by the core for a change',
    run: async ({ accounts, users }) => {
      const account = newAccount()
      await accounts.create(account, nothingElse)
      const second = passwordHash('second')
      await users.replacePasswordHash(account.id, account.passwordHash, second)

      const to = { ...account, passwordHash: passwordHash('third') }

      assert.equal(await accounts.replace(account, to, nothingElse), 'stale')
      assert.deepEqual(await accounts.find(account.id), { ...account, passwordHash: second })
    },
  },
]

export const accountCases = [...creationCases, ...changeCases]
