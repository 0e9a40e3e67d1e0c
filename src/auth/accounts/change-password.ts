/** `POST /me/password`: another password for who shows the present one. All sessions end, the one that asks too. */
import { endpoint, nothing } from '../../http/endpoint.ts'
import { object, text } from '../../http/shape.ts'
import type { Passwords } from '../../passwords/passwords.ts'
import type { Report } from '../security-events.ts'
import type { Caller } from './caller.ts'
import type { AccountChanges } from './change-accounts.ts'
import { nobodyAnyMore } from './gone.ts'
import { mails } from './mail-templates.ts'
import type { PasswordPolicy } from './password-policy.ts'

export interface ChangePasswordDependencies {
  readonly caller: Caller
  readonly changes: AccountChanges
  readonly passwords: Passwords
  readonly policy: PasswordPolicy
  readonly report: Report
}

const body = {
  shape: object({ current_password: text(), new_password: text() }),
  formats: ['json'],
} as const

export function changePassword(dependencies: ChangePasswordDependencies) {
  const { caller, changes, passwords, policy, report } = dependencies
  return endpoint({
    summary: 'Change the password of the caller',
    access: 'user',
    refusals: ['invalid_credentials', 'too_many_requests'],
    body,
    answers: { 204: nothing },
  }).handle(async (call) => {
    const { id: sub, username } = await caller.find(call)
    const { requestId, source } = call
    const { current_password: current, new_password: chosen } = await call.body()
    await policy(chosen, username)
    const changed = await changes.change(sub, async (account) => {
      await caller.checkPassword(current, account, call)
      return {
        type: 'password_changed',
        fields: { passwordHash: await passwords.hash(chosen) },
        endsSessions: true,
        mails: [mails.passwordChanged],
        made: () => report({ type: 'password_changed', requestId, source, sub }),
      }
    })
    if (changed === undefined) throw nobodyAnyMore()
    return { status: 204, body: undefined }
  })
}
