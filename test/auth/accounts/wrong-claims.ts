/** Claims, revocations and mails kept with one flaw each. */
import type { Claim } from '../../../src/auth/accounts/account-store.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import { flaw, type Spoil } from './account-flaw.ts'
import type { OpenedAccounts } from './account-store-kit.ts'

export const wrongClaims: readonly Flaw<OpenedAccounts>[] = [
  flaw(
    'finds a claim at the very end of its life',
    'finds no claim whose life is over, and removes it',
    ({ claims }) => {
      const held = new Map<string, Claim & { readonly expiresAt: number }>()
      return {
        claims: {
          hold: async (claim, lifeSeconds, mails) => {
            held.set(claim.sub, { ...claim, expiresAt: Date.now() + lifeSeconds * 1000 })
            await claims.hold(claim, lifeSeconds, mails)
          },
          find: async (sub) => {
            const claim = held.get(sub)
            return claim !== undefined && Date.now() <= claim.expiresAt + 50 ? claim : undefined
          },
        },
      }
    },
  ),
  flaw(
    'keeps the claim of an account that is there by now',
    'forgets the claim of an account that is made, renamed or removed',
    ({ accounts, claims }) => ({
      accounts: {
        create: async (account, consequences) => {
          const claim = await claims.find(account.id)
          const isCreated = await accounts.create(account, consequences)
          if (claim !== undefined) await claims.hold(claim, 60, [])
          return isCreated
        },
      },
    }),
  ),
  flaw('keeps the first claim of a subject', 'keeps the last claim of a subject', ({ claims }) => ({
    claims: {
      hold: async (claim, lifeSeconds, mails) => {
        if ((await claims.find(claim.sub)) === undefined)
          await claims.hold(claim, lifeSeconds, mails)
      },
    },
  })),
  flaw(
    'removes all that is dead at once',
    'removes at most as many claims as it is told',
    ({ claims }) => ({ claims: { sweep: () => claims.sweep(1_000) } }),
  ),
  flaw(
    'settles all that is pending',
    'forgets a revocation that is settled, and no other',
    ({ revocations }) => ({
      revocations: {
        settle: async () => {
          for (const { changeId } of await revocations.pending(100))
            await revocations.settle(changeId)
        },
      },
    }),
  ),
  flaw('forgets mails', 'asks for mails that go with no change', () => ({
    mails: { ask: async () => {} },
  })),
]

/** Looks into a list of its own for what was begun. */
const lookingFirst: Spoil = ({ claims }) => {
  const begun = new Map<string, string>()
  return {
    claims: {
      begin: async (claim, lifeSeconds) => {
        const sub = begun.get(claim.username) ?? claim.sub
        await Promise.resolve()
        begun.set(claim.username, sub)
        await claims.hold({ ...claim, sub }, lifeSeconds, [])
        return sub
      },
    },
  }
}

export const wrongRegistrations: readonly Flaw<OpenedAccounts>[] = [
  flaw(
    'begins an account for each who asks',
    'begins no second account for an address, but goes on with the first',
    ({ claims }) => ({
      claims: {
        begin: async (claim, lifeSeconds) => {
          await claims.hold(claim, lifeSeconds, [])
          return claim.sub
        },
      },
    }),
  ),
  flaw(
    'looks first whether an account is to come and begins it after',
    'begins one account where 16 ask for one address at once',
    lookingFirst,
  ),
  flaw(
    'begins with any claim of an address',
    'takes no claim of an account that is there for one of an account to come',
    ({ claims }) => ({
      claims: {
        hold: async (claim, lifeSeconds) => void (await claims.begin(claim, lifeSeconds)),
      },
    }),
  ),
  flaw(
    'keeps the life that an account to come has had first',
    'gives an account to come the life that was said last',
    ({ claims }) => {
      const begun = new Map<string, string>()
      return {
        claims: {
          begin: async (claim, lifeSeconds) => {
            const first = begun.get(claim.username)
            if (first !== undefined) return first
            begun.set(claim.username, claim.sub)
            return await claims.begin(claim, lifeSeconds)
          },
        },
      }
    },
  ),
  flaw(
    'goes on with what has gone',
    'begins another account for an address whose claim has gone',
    lookingFirst,
  ),
]
