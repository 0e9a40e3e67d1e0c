/** Accounts in Postgres: each change is one transaction, with all that belongs to it. */
import { Refusal, unavailable } from '../../http/refusal.ts'
import type { BoundStatement } from '../../storage/backing.ts'
import type { PasswordHash } from '../../storage/ports.ts'
import type { Database, Row } from '../../storage/postgres/database.ts'
import { escapeText, unescapeText } from '../../storage/postgres/text.ts'
import type { ChangeFollower } from '../account-port.ts'
import type { MailRequest, Outbox } from '../outbox.ts'
import {
  type Account,
  type AccountStores,
  type Consequences,
  maxRegistrations,
} from './account-store.ts'
import { accountStatements as statements } from './statements.ts'

export interface PostgresAccountOptions {
  readonly database: Database
  readonly followers: () => readonly ChangeFollower[]
  readonly outbox: () => Outbox | undefined
}

const repeatable = { isRepeatable: true }

export function postgresAccountStores(options: PostgresAccountOptions): AccountStores {
  const { database, followers, outbox } = options
  /** Begun and not swept, as far as this process knows: counted once between two sweeps. */
  let registrations: number | undefined

  /** Whether the first of them had a row; with none, nothing is kept. */
  async function isDone(all: readonly BoundStatement[]): Promise<boolean> {
    return (await database.runTogether(all)) !== undefined
  }

  function asked(mails: readonly MailRequest[]): readonly BoundStatement[] {
    return mails.flatMap((mail) => outbox()?.statementFor(mail) ?? [])
  }

  function kept({ changes, mails, revocation }: Consequences): readonly BoundStatement[] {
    const pending =
      revocation === undefined
        ? []
        : [bound('addRevocation', [revocation.changeId, revocation.sub])]
    const followed = changes.flatMap((change) =>
      followers().flatMap((follower) => follower.statementsFor(change)),
    )
    return [...pending, ...followed, ...asked(mails)]
  }

  async function countRegistrations(): Promise<number> {
    const [row] = await database.run(statements.countRegistrations, [], repeatable)
    return Number(row?.[0])
  }

  return {
    accounts: {
      async create(account, consequences) {
        const { createdAt, updatedAt } = account
        const values = [...valuesOf(account), createdAt, updatedAt]
        const all = [bound('create', values), dropClaimOf(account), ...kept(consequences)]
        return await isDone(all)
      },
      async find(id) {
        const [row] = await database.run(statements.find, [escapeText(id)], repeatable)
        return row && readAccount(row)
      },
      async list({ after, limit }) {
        const rows = await database.run(statements.list, [escapeText(after), limit], repeatable)
        return rows.map(readAccount)
      },
      async replace(from, to, consequences) {
        const isRenamed = to.username !== from.username
        const isDropped = isRenamed || consequences.revocation !== undefined
        const dropClaim = isDropped ? [dropClaimOf(to)] : []
        const change = replacing(isRenamed ? 'rename' : 'replace', from, to)
        try {
          const all = [change, ...dropClaim, ...kept(consequences)]
          return (await isDone(all)) ? 'replaced' : 'stale'
        } catch (error) {
          if (isTaken(error)) return 'taken'
          throw error
        }
      },
      async replaceBy(actor, from, to, consequences) {
        const { username } = from
        const { revocation } = consequences
        const lock = bound('lockBoth', [...valuesOf(from), ...valuesOf(actor)])
        const change = replacing('replace', from, { ...to, username })
        const dropClaim = revocation === undefined ? [] : [dropClaimOf(from)]
        const isMade = await isDone([lock, change, ...dropClaim, ...kept(consequences)])
        return isMade ? 'replaced' : 'stale'
      },
      async remove(from, consequences) {
        const all = [bound('remove', valuesOf(from)), dropClaimOf(from), ...kept(consequences)]
        return await isDone(all)
      },
    },

    claims: {
      async hold({ sub, username, passwordHash }, lifeSeconds, mails) {
        const values = [escapeText(sub), escapeText(username), lifeSeconds * 1000]
        const hold =
          passwordHash === undefined
            ? bound('holdClaim', values)
            : bound('holdClaimOf', [...values, escapeText(passwordHash)])
        if (!(await isDone([hold, ...asked(mails)])))
          throw unavailable('The account was changed meanwhile.')
      },
      async begin({ sub, username }, lifeSeconds) {
        registrations ??= await countRegistrations()
        if (registrations >= maxRegistrations)
          throw unavailable('Too many addresses wait to be verified.')
        registrations++
        const values = [escapeText(sub), escapeText(username), lifeSeconds * 1000]
        const [row] = await database.run(statements.beginClaim, values, repeatable)
        return unescapeText(String(row?.[0]))
      },
      async find(sub) {
        const [row] = await database.run(statements.findClaim, [escapeText(sub)], repeatable)
        return row && { sub, username: unescapeText(String(row[0])) }
      },
      async sweep(limit) {
        registrations = undefined
        return (await database.run(statements.sweepClaims, [limit], repeatable)).length
      },
    },

    revocations: {
      async pending(limit) {
        const rows = await database.run(statements.pendingRevocations, [limit], repeatable)
        return rows.map(([changeId, sub]) => ({ changeId: String(changeId), sub: String(sub) }))
      },
      async settle(changeId) {
        await database.run(statements.settleRevocation, [changeId], repeatable)
      },
    },

    mails: {
      async ask(mails) {
        await database.runTogether([bound('proceed', []), ...asked(mails)])
      },
    },
  }
}

function bound(name: keyof typeof statements, values: readonly unknown[]): BoundStatement {
  return { statement: statements[name], values }
}

function replacing(name: 'replace' | 'rename', from: Account, to: Account): BoundStatement {
  return bound(name, [...valuesOf(from), ...valuesOf(to).slice(1), to.updatedAt])
}

function dropClaimOf({ id }: Account): BoundStatement {
  return bound('dropClaim', [escapeText(id)])
}

function valuesOf(account: Account): readonly unknown[] {
  const { id, username, name, passwordHash, isDisabled, verifiedAt = null, roles } = account
  const texts = [id, username, name, passwordHash].map(escapeText)
  return [...texts, isDisabled, verifiedAt, roles.map(escapeText)]
}

function readAccount(row: Row): Account {
  const [id = '', username = '', name = '', passwordHash = ''] = row
    .slice(0, 4)
    .map(String)
    .map(unescapeText)
  const [isDisabled, verifiedAt, roles, createdAt, updatedAt] = row.slice(4)
  return {
    id,
    username,
    name,
    passwordHash: passwordHash as PasswordHash, // nobody else writes here
    isDisabled: isDisabled === true,
    verifiedAt: verifiedAt === null ? undefined : Number(verifiedAt),
    roles: (JSON.parse(String(roles)) as string[]).map(unescapeText), // a list of texts
    createdAt: Number(createdAt),
    updatedAt: Number(updatedAt),
  }
}

/** The table itself keeps user names apart. SQLSTATE of an exclusion that is violated. */
function isTaken(error: unknown): boolean {
  const cause = error instanceof Refusal ? error.cause : undefined
  return Reflect.get(Object(cause), 'code') === '23P01'
}
