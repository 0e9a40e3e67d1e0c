/** `GET /admin/users`, a page of all accounts in the order of their ids, and `GET /admin/users/:id`, one of them. */
import { endpoint } from '../../http/endpoint.ts'
import { mostPerPage, pageQuery, readPage } from '../../http/page.ts'
import { Refusal } from '../../http/refusal.ts'
import { boolean, count, listOf, object, optional, text } from '../../http/shape.ts'
import type { Accounts, AccountView } from '../account-port.ts'
import { checkAdministrator } from '../check-administrator.ts'
import type { SessionDependencies } from '../check-session.ts'

export interface UsersDependencies extends SessionDependencies {
  readonly accounts: () => Accounts | undefined
}

const userAnswer = object({
  id: text(),
  username: text(),
  name: text(),
  verified: boolean(),
  disabled: boolean(),
  roles: listOf(text(), { maxItems: 100 }),
  /** Unix seconds. */
  created_at: count(),
  updated_at: count(),
})

const pageAnswer = object({
  users: listOf(userAnswer, { maxItems: mostPerPage }),
  /** For `after`, to get the next page. Missing on the last one. */
  next: optional(text()),
})

export function showUsers(dependencies: UsersDependencies) {
  return endpoint({
    summary: 'List users',
    access: 'user',
    refusals: ['insufficient_scope', 'not_found'],
    query: pageQuery,
    answers: { 200: pageAnswer },
  }).handle(async (call) => {
    await checkAdministrator(dependencies, call)
    const { after, limit } = readPage(call)
    // One more than is shown says whether there is a next page.
    const page = after === undefined ? { limit: limit + 1 } : { after, limit: limit + 1 }
    const found = await knownAccounts(dependencies).list(page)
    const users = found.slice(0, limit)
    const next = found.length > limit ? users.at(-1)?.id : undefined
    return { status: 200, body: { users: users.map(toAnswer), next } }
  })
}

export function showUser(dependencies: UsersDependencies) {
  return endpoint({
    summary: 'Show a user',
    access: 'user',
    refusals: ['insufficient_scope', 'not_found'],
    answers: { 200: userAnswer },
  }).handle(async (call) => {
    await checkAdministrator(dependencies, call)
    const user = await knownAccounts(dependencies).find(call.param('id'))
    if (user === undefined) throw noSuchUser()
    return { status: 200, body: toAnswer(user) }
  })
}

/** Where nobody keeps accounts, there are none to be found. */
export function knownAccounts({ accounts }: UsersDependencies): Accounts {
  const known = accounts()
  if (known === undefined) throw new Refusal('not_found', 'There are no accounts here.')
  return known
}

export function noSuchUser(): Refusal {
  return new Refusal('not_found', 'There is no such user.')
}

function toAnswer({ isVerified, isDisabled, createdAt, updatedAt, ...user }: AccountView) {
  return {
    ...user,
    roles: [...user.roles],
    verified: isVerified,
    disabled: isDisabled,
    created_at: Math.floor(createdAt / 1000),
    updated_at: Math.floor(updatedAt / 1000),
  }
}
