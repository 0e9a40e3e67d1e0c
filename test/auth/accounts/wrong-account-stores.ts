/** Accounts kept with one flaw each. */
import type { Account, AccountStores } from '../../../src/auth/accounts/account-store.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import { flaw } from './account-flaw.ts'
import { nothingElse, type OpenedAccounts } from './account-store-kit.ts'
import { wrongClaims, wrongRegistrations } from './wrong-claims.ts'

/** Whatever it is by now takes the place of what it was believed to be. */
async function present({ accounts }: OpenedAccounts, from: Account): Promise<Account> {
  return (await accounts.find(from.id)) ?? from
}

type ReplaceBy = AccountStores['accounts']['replaceBy']

/** Whoever acts. */
async function replaceFor(
  accounts: OpenedAccounts['accounts'],
  [, from, to, consequences]: Parameters<ReplaceBy>,
): ReturnType<ReplaceBy> {
  const outcome = await accounts.replace(from, { ...to, username: from.username }, consequences)
  return outcome === 'taken' ? 'stale' : outcome
}

const wrongChanges: readonly Flaw<OpenedAccounts>[] = [
  flaw(
    'looks first whether a user name is free and makes the account after',
    'lets one of 16 simultaneous creators have a user name, and keeps what belongs to that one',
    ({ accounts, users }) => ({
      accounts: {
        create: async (account, consequences) => {
          if ((await users.findByUsername(account.username)) !== undefined) return false
          await accounts.create(account, consequences)
          return true
        },
      },
    }),
  ),
  flaw(
    'keeps what belongs to a creation that it refused',
    'refuses a user name or an id that is taken, and keeps nothing',
    ({ accounts, mails }) => ({
      accounts: {
        create: async (account, consequences) => {
          await mails.ask(consequences.mails)
          return await accounts.create(account, { ...consequences, mails: [] })
        },
      },
    }),
  ),
  flaw(
    'changes an account whatever it was believed to be',
    'changes no account that is no longer as it was, and keeps nothing',
    (right) => ({
      accounts: {
        replace: async (from, to, consequences) =>
          await right.accounts.replace(await present(right, from), to, consequences),
      },
    }),
  ),
  flaw(
    'looks first whether an account is as it was and changes it after',
    'makes one of 16 simultaneous changes of an account, and keeps what belongs to that one',
    (right) => ({
      accounts: {
        replace: async (from, to, consequences) => {
          const { name } = await present(right, from)
          if (name !== from.name) return 'stale'
          for (;;) {
            const found = await present(right, from)
            const outcome = await right.accounts.replace(found, to, consequences)
            if (outcome !== 'stale') return outcome
          }
        },
      },
    }),
  ),
  flaw(
    'takes no notice of a password hash that the core has changed',
    'takes another password hash by the core for a change',
    (right) => ({
      accounts: {
        replace: async (from, to, consequences) => {
          const { passwordHash } = await present(right, from)
          return await right.accounts.replace({ ...from, passwordHash }, to, consequences)
        },
      },
    }),
  ),
  flaw(
    'changes an account for whomever',
    'changes nothing for who is no longer as they were, nor what is not, and keeps nothing',
    ({ accounts }) => ({
      accounts: {
        replaceBy: (...replacement) => replaceFor(accounts, replacement),
      },
    }),
  ),
  flaw(
    'looks first whether who changes an account is as they were and changes it after',
    'makes one of two changes by which two accounts disable each other, 16 times',
    (right) => ({
      accounts: {
        replaceBy: async (...replacement) => {
          const [actor] = replacement
          const { isDisabled } = await present(right, actor)
          if (isDisabled !== actor.isDisabled) return 'stale'
          return await replaceFor(right.accounts, replacement)
        },
      },
    }),
  ),
  flaw(
    'gives another user name to who is changed by another',
    'changes an account for another that is as it was, but not its user name',
    ({ accounts }) => ({
      accounts: {
        replaceBy: async (_, ...replacement) => {
          await accounts.replace(...replacement)
          return 'replaced'
        },
      },
    }),
  ),
  flaw(
    'removes an account whatever it was believed to be',
    'removes no account that is no longer as it was, and keeps nothing',
    (right) => ({
      accounts: {
        remove: async (from, consequences) =>
          await right.accounts.remove(await present(right, from), consequences),
      },
    }),
  ),
  flaw(
    'disables everybody with one',
    'leaves every other account as it was, whatever becomes of one',
    ({ accounts }) => ({
      accounts: {
        replace: async (from, to, consequences) => {
          const outcome = await accounts.replace(from, to, consequences)
          for (const other of await accounts.list({ after: '', limit: 1_000 }))
            await accounts.replace(other, { ...other, isDisabled: to.isDisabled }, nothingElse)
          return outcome
        },
      },
    }),
  ),
  flaw(
    'removes everybody with one',
    'leaves every other account as it was, whatever becomes of one',
    ({ accounts }) => ({
      accounts: {
        remove: async (from, consequences) => {
          for (const other of await accounts.list({ after: '', limit: 1_000 }))
            if (other.id !== from.id) await accounts.remove(other, nothingElse)
          return await accounts.remove(from, consequences)
        },
      },
    }),
  ),
  flaw(
    'says of every removal that it was the one',
    'removes an account for one of 16 who ask at once, and keeps what belongs to that',
    ({ accounts }) => ({
      accounts: {
        remove: async (from, consequences) => {
          await accounts.remove(from, consequences)
          return true
        },
      },
    }),
  ),
  flaw(
    'forgets what is to be ended after a change',
    'puts all parts of an account in the place of those before, with all that belongs to it',
    ({ accounts }) => ({
      accounts: {
        replace: (from, to, { changes, mails }) => accounts.replace(from, to, { changes, mails }),
      },
    }),
  ),
  flaw(
    'tells nobody who follows of a deletion',
    'removes an account, with all that belongs to it, and frees its user name',
    ({ accounts }) => ({
      accounts: {
        remove: (from, consequences) => accounts.remove(from, { ...consequences, changes: [] }),
      },
    }),
  ),
  flaw(
    'begins a page with the last of the one before',
    'lists accounts in the order of their ids, a page at a time',
    ({ accounts }) => ({
      accounts: {
        list: async ({ after, limit }) => {
          const all = await accounts.list({ after: '', limit: 1_000 })
          return all.filter(({ id }) => id >= after).slice(0, limit)
        },
      },
    }),
  ),
  flaw('gives out what it keeps', 'gives copies, and keeps copies', ({ accounts }) => {
    const kept = new Map<string, Account>()
    return {
      accounts: {
        create: async (account, consequences) => {
          kept.set(account.id, account)
          return await accounts.create(account, consequences)
        },
        find: async (id) => kept.get(id),
      },
    }
  }),
]

export const wrongAccountStores = [...wrongChanges, ...wrongClaims, ...wrongRegistrations]
