/** Accounts in the memory of one process, beside its users. Nothing awaits within a method, so each is one step. */
import { unavailable } from '../../http/refusal.ts'
import type { UserTable } from '../../storage/backing.ts'
import type { User } from '../../storage/ports.ts'
import type { ChangeFollower } from '../account-port.ts'
import type { MailRequest, Outbox } from '../outbox.ts'
import {
  type Account,
  type AccountStores,
  type Claim,
  type Consequences,
  maxRegistrations,
  type Revocation,
} from './account-store.ts'

export interface MemoryAccountOptions {
  readonly users: UserTable
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly followers: () => readonly ChangeFollower[]
  readonly outbox: () => Outbox | undefined
}

type Particulars = Omit<Account, keyof User>

export function memoryAccountStores(options: MemoryAccountOptions): AccountStores {
  const { users, now, followers, outbox } = options
  const particulars = new Map<string, Particulars>()
  const claims = new Map<string, Claim & { readonly expiresAt: number }>()
  /** The subjects of accounts to come, by their addresses. */
  const registrations = new Map<string, string>()
  const revocations = new Map<string, Revocation>()
  const openedAt = now()
  /** Of users whom the core has made: somebody who starts a process vouches for them. */
  const vouchedFor = { verifiedAt: openedAt, roles: [], createdAt: openedAt, updatedAt: openedAt }

  function find(id: string): Account | undefined {
    const user = users.findById(id)
    if (user === undefined) return undefined
    const { roles, ...rest } = particulars.get(id) ?? vouchedFor
    return { ...user, ...rest, roles: [...roles] }
  }

  function put(account: Account): boolean {
    if (!users.put(account)) return false
    const { verifiedAt, roles, createdAt, updatedAt } = account
    particulars.set(account.id, { verifiedAt, roles: [...roles], createdAt, updatedAt })
    return true
  }

  function keep({ changes, mails, revocation }: Consequences): void {
    if (revocation !== undefined) revocations.set(revocation.changeId, { ...revocation })
    for (const change of changes) for (const follower of followers()) follower.apply(change)
    ask(mails)
  }

  function ask(mails: readonly MailRequest[]): void {
    for (const mail of mails) outbox()?.add(mail)
  }

  function evictClaims(limit: number): number {
    const dead = [...claims.values()].filter(({ expiresAt }) => now() >= expiresAt).slice(0, limit)
    for (const { sub } of dead) dropClaim(sub)
    return dead.length
  }

  function dropClaim(sub: string): void {
    const username = claims.get(sub)?.username
    claims.delete(sub)
    if (username !== undefined && registrations.get(username) === sub)
      registrations.delete(username)
  }

  return {
    accounts: {
      async create(account, consequences) {
        if (users.findById(account.id) !== undefined || !put(account)) return false
        dropClaim(account.id)
        keep(consequences)
        return true
      },
      async find(id) {
        return find(id)
      },
      async list({ after, limit }) {
        const ids = users.ids().filter((id) => id > after)
        return ids
          .sort()
          .slice(0, limit)
          .flatMap((id) => find(id) ?? [])
      },
      async replace(from, to, consequences) {
        if (!isSame(find(from.id), from)) return 'stale'
        if (!put(to)) return 'taken'
        const { revocation } = consequences
        if (revocation !== undefined || to.username !== from.username) dropClaim(to.id)
        keep(consequences)
        return 'replaced'
      },
      async replaceBy(actor, from, to, consequences) {
        const isStale = [actor, from].some((one) => !isSame(find(one.id), one))
        if (isStale || !put({ ...to, username: from.username })) return 'stale'
        if (consequences.revocation !== undefined) dropClaim(from.id)
        keep(consequences)
        return 'replaced'
      },
      async remove(from, consequences) {
        if (!isSame(find(from.id), from)) return false
        users.remove(from.id)
        particulars.delete(from.id)
        dropClaim(from.id)
        keep(consequences)
        return true
      },
    },

    claims: {
      async hold({ sub, username, passwordHash }, lifeSeconds, mails) {
        const isStale = passwordHash !== undefined && find(sub)?.passwordHash !== passwordHash
        if (isStale) throw unavailable('The account was changed meanwhile.')
        claims.set(sub, { sub, username, expiresAt: now() + lifeSeconds * 1000 })
        ask(mails)
      },
      async begin({ sub: fresh, username }, lifeSeconds) {
        if (registrations.size >= maxRegistrations) evictClaims(1_000)
        if (registrations.size >= maxRegistrations)
          throw unavailable('Too many addresses wait to be verified.')
        const sub = registrations.get(username) ?? fresh
        registrations.set(username, sub)
        claims.set(sub, { sub, username, expiresAt: now() + lifeSeconds * 1000 })
        return sub
      },
      async find(sub) {
        const claim = claims.get(sub)
        if (claim === undefined || now() >= claim.expiresAt) return undefined
        return { sub, username: claim.username }
      },
      async sweep(limit) {
        return evictClaims(limit)
      },
    },

    revocations: {
      async pending(limit) {
        return [...revocations.values()].slice(0, limit)
      },
      async settle(changeId) {
        revocations.delete(changeId)
      },
    },

    mails: {
      async ask(mails) {
        ask(mails)
      },
    },
  }
}

/** Whether nothing has changed that a change is decided by. */
function isSame(present: Account | undefined, from: Account): boolean {
  return present !== undefined && signatureOf(present) === signatureOf(from)
}

function signatureOf(account: Account): string {
  const { id, username, name, passwordHash, isDisabled, verifiedAt, roles } = account
  return JSON.stringify([id, username, name, passwordHash, isDisabled, verifiedAt, roles])
}
