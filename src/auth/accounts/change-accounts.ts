/** How accounts change: what is decided is decided by the account as it is, and made only if it still is so. */
import type { Clock } from '../../clock.ts'
import { Refusal, unavailable } from '../../http/refusal.ts'
import { uuidV7 } from '../../uuid-v7.ts'
import type { AccountChange, AccountChangeType } from '../account-port.ts'
import type { Outbox } from '../outbox.ts'
import type { Account, AccountStore, Consequences } from './account-store.ts'
import type { EndSessions } from './end-sessions.ts'

/** What becomes of an account. */
export interface Edit {
  readonly type: AccountChangeType
  /** What is other than before. */
  readonly fields: Partial<Omit<Account, 'id' | 'createdAt' | 'updatedAt'>>
  readonly endsSessions: boolean
  /** Templates of mails about it. */
  readonly mails?: readonly string[]
  /** Called once it is made, also where the sessions could not be ended yet. */
  readonly made?: () => void
}

/** Decides by the account as it is, perhaps several times. `undefined` changes nothing. */
export type Decide = (account: Account) => Edit | undefined | Promise<Edit | undefined>

export interface AccountChanges {
  /** `undefined`, and nothing done, where the id or the user name is taken. */
  create(account: Omit<Account, 'createdAt' | 'updatedAt'>): Promise<Account | undefined>
  /** The account as it is then; `undefined` where there is none. Refuses with `conflict` where the user name is taken. */
  change(id: string, decide: Decide): Promise<Account | undefined>
  /**
   * The same for somebody else, whose account must still be as it was found when the change is made. `findActor` is called
   * as often as it is decided, and refuses who may not. The user name stays.
   */
  changeBy(
    findActor: () => Promise<Account>,
    id: string,
    decide: Decide,
  ): Promise<Account | undefined>
  /** `false` where there is none any more. `made` is called once it is gone, also where its sessions could not be ended yet. */
  remove(id: string, check: (account: Account) => Promise<void>, made: () => void): Promise<boolean>
}

export interface AccountChangesDependencies {
  readonly accounts: AccountStore
  readonly endSessions: EndSessions
  readonly outbox: () => Outbox | undefined
  readonly clock: Clock
}

/** More than one other at the same time is rare. */
const maxAttempts = 20

export function createAccountChanges(dependencies: AccountChangesDependencies): AccountChanges {
  const { accounts, endSessions, outbox, clock } = dependencies

  function changeOf(type: AccountChangeType, account: Account): AccountChange {
    const at = clock.now()
    const { id: userId, name } = account
    const id = uuidV7(at)
    return type === 'deleted' ? { id, type, userId, at } : { id, type, userId, name, at }
  }

  /** The change's own id is that of the revocation: it is the one that ends the sessions. */
  function consequencesOf(
    account: Account,
    { type, endsSessions, mails = [] }: Omit<Edit, 'fields' | 'made'>,
  ): Consequences {
    const { id: sub } = account
    const change = changeOf(type, account)
    const revocation = endsSessions ? { revocation: { changeId: change.id, sub } } : {}
    const requests = mails.map((template) => ({ template, sub }))
    return { changes: [change], mails: requests, ...revocation }
  }

  async function follow({ mails, revocation }: Consequences): Promise<void> {
    if (mails.length > 0) outbox()?.look()
    if (revocation !== undefined) await endSessions(revocation)
  }

  async function change(
    id: string,
    decide: Decide,
    replace: AccountStore['replace'],
  ): Promise<Account | undefined> {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const account = await accounts.find(id)
      const edit = account && (await decide(account))
      if (account === undefined || edit === undefined) return account
      const changed = { ...account, ...edit.fields, updatedAt: clock.now() }
      const consequences = consequencesOf(changed, edit)
      const outcome = await replace(account, changed, consequences)
      if (outcome === 'taken') throw new Refusal('conflict', 'This address has an account.')
      if (outcome === 'stale') continue
      edit.made?.()
      await follow(consequences)
      return changed
    }
    throw unavailable('Too many change this account.')
  }

  return {
    async create(fields) {
      const at = clock.now()
      const account = { ...fields, createdAt: at, updatedAt: at }
      const edit = { type: 'registered', endsSessions: false } as const
      return (await accounts.create(account, consequencesOf(account, edit))) ? account : undefined
    },

    change: (id, decide) =>
      change(id, decide, (...replacement) => accounts.replace(...replacement)),

    changeBy: (findActor, id, decide) =>
      change(id, decide, async (...replacement) =>
        accounts.replaceBy(await findActor(), ...replacement),
      ),

    async remove(id, check, made) {
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        const account = await accounts.find(id)
        if (account === undefined) return false
        await check(account)
        const consequences = consequencesOf(account, { type: 'deleted', endsSessions: true })
        if (!(await accounts.remove(account, consequences))) continue
        made()
        await follow(consequences)
        return true
      }
      throw unavailable('Too many change this account.')
    },
  }
}
