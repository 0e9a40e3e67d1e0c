/**
 * `PATCH /admin/users/:id`: disables, enables, gives roles. `DELETE /admin/users/:id/sessions`: ends all that the user has.
 * By `PATCH` administrators change others only, and only as long as they are administrators: so it always leaves one who can
 * undo it. `DELETE /me` does not: the last administrator may delete his own account.
 */
import { type Call, endpoint, nothing } from '../../http/endpoint.ts'
import { Refusal } from '../../http/refusal.ts'
import { boolean, listOf, object, optional, text } from '../../http/shape.ts'
import type { Accounts } from '../account-port.ts'
import { checkAdministrator } from '../check-administrator.ts'
import type { Report } from '../security-events.ts'
import type { Bearer } from '../validate-tokens.ts'
import { knownAccounts, noSuchUser, type UsersDependencies } from './show-users.ts'

export interface ChangeUserDependencies extends UsersDependencies {
  /** The scopes that each role has. */
  readonly roles: () => Readonly<Record<string, readonly string[]>>
  readonly report: Report
}

const change = object({
  disabled: optional(boolean()),
  roles: optional(listOf(text({ maxLength: 64 }), { maxItems: 10 })),
})

export function changeUser(dependencies: ChangeUserDependencies) {
  const { roles: known, report } = dependencies
  const body = { shape: change, formats: ['json'] } as const
  return endpoint({
    summary: 'Disable or enable a user, or give roles',
    access: 'user',
    refusals: ['insufficient_scope', 'not_found'],
    body,
    answers: { 204: nothing },
  }).handle(async (call) => {
    const administrator = await checkAdministrator(dependencies, call)
    const { disabled, roles } = await call.body()
    const id = otherThan(administrator, call)
    if (disabled === undefined && roles === undefined) {
      throw new Refusal(
        'invalid_request',
        "One of the fields 'disabled' and 'roles' must be there.",
      )
    }
    if (roles?.some((role) => !Object.hasOwn(known(), role))) {
      throw new Refusal('invalid_request', "The field 'roles' holds a role that is not known.")
    }
    const accounts = knownAccounts(dependencies)
    const by = administrator.sub
    const tell = teller(report, call, { sub: id, actor: by })
    if (roles !== undefined) {
      const made = () => tell('roles_changed', { roles: roles.join(' ') })
      await done(accounts.setRoles(id, [...new Set(roles)], { by, made }))
    }
    if (disabled !== undefined) {
      const made = () => tell(disabled ? 'user_disabled' : 'user_enabled')
      await done(accounts.setDisabled(id, disabled, { by, made }))
    }
    return { status: 204, body: undefined }
  })
}

export function endSessions(dependencies: ChangeUserDependencies) {
  return endpoint({
    summary: 'End all sessions of a user',
    access: 'user',
    refusals: ['insufficient_scope', 'not_found'],
    answers: { 204: nothing },
  }).handle(async (call) => {
    const administrator = await checkAdministrator(dependencies, call)
    const id = call.param('id')
    await done(knownAccounts(dependencies).endSessions(id))
    teller(dependencies.report, call, { sub: id, actor: administrator.sub })('sessions_ended')
    return { status: 204, body: undefined }
  })
}

async function done(changing: ReturnType<Accounts['endSessions']>): Promise<void> {
  if (!(await changing)) throw noSuchUser()
}

function otherThan({ sub }: Bearer, call: Call): string {
  const id = call.param('id')
  if (id !== sub) return id
  throw new Refusal('invalid_request', 'Administrators cannot change themselves here.')
}

function teller(report: Report, call: Call, about: { sub: string; actor: string }) {
  const { requestId, source } = call
  return (type: string, details: Readonly<Record<string, string>> = {}) =>
    report({ type, requestId, source, ...about, details })
}
