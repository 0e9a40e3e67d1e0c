/**
 * A new password for who can read the mails of an account. `POST /password-reset` answers the same, after the same work,
 * whether there is such an account or not; `POST /password-reset/finish` takes the token that went to its address.
 */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import { endpoint, nothing } from '../../http/endpoint.ts'
import { object, text } from '../../http/shape.ts'
import type { Passwords } from '../../passwords/passwords.ts'
import type { UserStore } from '../../storage/ports.ts'
import type { Report } from '../security-events.ts'
import { maxUsernameLength } from '../usernames.ts'
import type { AccountStore, MailStore } from './account-store.ts'
import type { AccountChanges } from './change-accounts.ts'
import { readAddress } from './fields.ts'
import type { AskingLimits } from './limits.ts'
import { mails } from './mail-templates.ts'
import { checkWentTo, deadToken, type MailedTokens } from './mailed-tokens.ts'
import type { PasswordPolicy } from './password-policy.ts'
import type { Post } from './post.ts'
import { accountPurposes } from './purposes.ts'
import { strangersBy } from './strangers.ts'

const { resetPassword: purpose } = accountPurposes

export interface AskResetDependencies {
  readonly users: UserStore
  readonly mailStore: MailStore
  readonly post: Post
  readonly limits: AskingLimits
}

export function askForReset({ users, mailStore, post, limits }: AskResetDependencies) {
  const shape = object({ username: text({ maxLength: maxUsernameLength }) })
  const body = { shape, formats: ['json'] } as const
  const strangerOf = strangersBy(randomBytes(32))
  return endpoint({
    summary: 'Ask for a new password, by mail',
    access: 'anybody',
    body,
    answers: { 202: nothing },
  }).handle(async (call) => {
    post.checkOpen()
    const username = readAddress((await call.body()).username)
    const accepted = { status: 202, body: undefined } as const
    if (!(await limits.allow({ username, source: call.source }))) return accepted
    const stranger = strangerOf(username)
    const user = await users.findByUsername(username)
    // To a stranger no mail goes, but the work is the same.
    await mailStore.ask([{ template: mails.reset, sub: user?.id ?? stranger }])
    post.look()
    return accepted
  })
}

export interface FinishResetDependencies {
  readonly mailed: MailedTokens
  readonly accounts: AccountStore
  readonly changes: AccountChanges
  readonly passwords: Passwords
  readonly policy: PasswordPolicy
  readonly clock: Clock
  readonly report: Report
}

export function finishReset(dependencies: FinishResetDependencies) {
  const { mailed, accounts, changes, passwords, policy, clock, report } = dependencies
  const body = { shape: object({ token: text(), password: text() }), formats: ['json'] } as const
  return endpoint({
    summary: 'Set the new password that was asked for',
    access: 'anybody',
    refusals: ['invalid_grant'],
    body,
    answers: { 204: nothing },
  }).handle(async (call) => {
    const { requestId, source } = call
    const { token, password } = await call.body()
    // Looked at before it is taken: a password that may not be must not cost the token.
    const peeked = await mailed.peek(token, purpose)
    const { sub } = peeked
    const account = await accounts.find(sub)
    if (account === undefined) throw deadToken()
    checkWentTo(peeked, account.username)
    await policy(password, account.username)
    const passwordHash = await passwords.hash(password)
    await mailed.take(token, purpose)
    const changed = await changes.change(
      sub,
      ({ isDisabled, username, verifiedAt = clock.now() }) => {
        if (isDisabled) throw deadToken()
        checkWentTo(peeked, username)
        return {
          type: 'password_reset',
          fields: { passwordHash, verifiedAt },
          endsSessions: true,
          mails: [mails.passwordChanged],
          made: () => report({ type: 'password_reset', requestId, source, sub }),
        }
      },
    )
    if (changed === undefined) throw deadToken()
    return { status: 204, body: undefined }
  })
}
