/** What the cases of the contract of accounts share. */
import { randomUUID } from 'node:crypto'
import type { AccountChangeType, ChangeFollower } from '../../../src/auth/account-port.ts'
import type {
  Account,
  AccountStores,
  Consequences,
} from '../../../src/auth/accounts/account-store.ts'
import type { Outbox } from '../../../src/auth/outbox.ts'
import type { UserStore } from '../../../src/storage/ports.ts'
import type { Case } from '../../storage/contract.ts'
import { passwordHash } from '../../storage/user-store-kit.ts'

export interface OpenedAccounts extends AccountStores {
  /** The core's, on the same users. */
  readonly users: UserStore
  /** What followers and the outbox have kept: `renamed <user id>`, `mail <template>`. */
  readonly kept: () => Promise<readonly string[]>
}

export type AccountCase = Case<OpenedAccounts>

export function newAccount(fields: Partial<Account> = {}): Account {
  return {
    id: randomUUID(),
    username: `${randomUUID()}@example.com`,
    name: 'Test User',
    passwordHash: passwordHash('first'),
    isDisabled: false,
    verifiedAt: 1_700_000_000_000,
    roles: ['writer'],
    createdAt: 1_700_000_000_001,
    updatedAt: 1_700_000_000_002,
    ...fields,
  }
}

export const nothingElse: Consequences = { changes: [], mails: [] }

/** One of each kind. */
export function consequences({ id: sub, name }: Account, type: AccountChangeType): Consequences {
  const changeId = randomUUID()
  return {
    changes: [{ id: changeId, type, userId: sub, name, at: 1_700_000_000_003 }],
    mails: [{ template: `about-${type}`, sub }],
    revocation: { changeId, sub },
  }
}

/** Followers and an outbox that keep what they are told by means of `keep`. */
export function neighboursOn(keep: {
  readonly now: (text: string) => void
  readonly statement: (text: string) => ReturnType<Outbox['statementFor']>
}): { readonly followers: () => readonly ChangeFollower[]; readonly outbox: () => Outbox } {
  const follower: ChangeFollower = {
    statementsFor: ({ type, userId }) => [keep.statement(`${type} ${userId}`)],
    apply: ({ type, userId }) => keep.now(`${type} ${userId}`),
  }
  const outbox: Outbox = {
    statementFor: ({ template }) => keep.statement(`mail ${template}`),
    add: ({ template }) => keep.now(`mail ${template}`),
    look: () => {},
  }
  return { followers: () => [follower], outbox: () => outbox }
}
