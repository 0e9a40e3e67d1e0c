/**
 * Registration where each address is first shown to belong to who asks: `POST /register` takes only the address, and its
 * answer and its work are the same whether that has an account or not; `POST /register/finish` takes the token that went
 * there, and all that makes the account, so nobody can prepare one for somebody else's address.
 */
import type { Clock } from '../../clock.ts'
import { endpoint, nothing } from '../../http/endpoint.ts'
import { Refusal } from '../../http/refusal.ts'
import { object, text } from '../../http/shape.ts'
import type { Passwords } from '../../passwords/passwords.ts'
import type { UserStore } from '../../storage/ports.ts'
import { uuidV7 } from '../../uuid-v7.ts'
import type { Report } from '../security-events.ts'
import { maxUsernameLength } from '../usernames.ts'
import type { ClaimStore, MailStore } from './account-store.ts'
import type { AccountChanges } from './change-accounts.ts'
import { accountAnswer, answerOf, readAddress, readName } from './fields.ts'
import type { AskingLimits } from './limits.ts'
import { mails } from './mail-templates.ts'
import { checkWentTo, deadToken, type MailedTokens } from './mailed-tokens.ts'
import type { PasswordPolicy } from './password-policy.ts'
import type { Post } from './post.ts'
import { accountPurposes } from './purposes.ts'

const { verifyEmail: purpose } = accountPurposes

export interface AskRegistrationDependencies {
  readonly users: UserStore
  readonly claims: ClaimStore
  readonly mailStore: MailStore
  readonly post: Post
  readonly limits: AskingLimits
  readonly clock: Clock
}

export function askForRegistration(dependencies: AskRegistrationDependencies) {
  const { users, claims, mailStore, post, limits, clock } = dependencies
  const shape = object({ username: text({ maxLength: maxUsernameLength }) })
  const body = { shape, formats: ['json'] } as const
  return endpoint({
    summary: 'Ask for an account, by mail',
    access: 'anybody',
    body,
    answers: { 202: nothing },
  }).handle(async (call) => {
    post.checkOpen()
    const username = readAddress((await call.body()).username)
    const accepted = { status: 202, body: undefined } as const
    if (!(await limits.allow({ username, source: call.source }))) return accepted
    const fresh = { sub: uuidV7(clock.now()), username }
    const owner = await users.findByUsername(username)
    // Also where it comes to nothing, because the work would tell; but then it is dead at once.
    const sub = await claims.begin(fresh, owner === undefined ? purpose.ttlSeconds : 0)
    const request =
      owner === undefined
        ? { template: mails.verify, sub }
        : { template: mails.alreadyRegistered, sub: owner.id }
    await mailStore.ask([request])
    post.look()
    return accepted
  })
}

export interface FinishRegistrationDependencies {
  readonly mailed: MailedTokens
  readonly claims: ClaimStore
  readonly changes: AccountChanges
  readonly passwords: Passwords
  readonly policy: PasswordPolicy
  readonly clock: Clock
  readonly report: Report
}

export function finishRegistration(dependencies: FinishRegistrationDependencies) {
  const { mailed, claims, changes, passwords, policy, clock, report } = dependencies
  const shape = object({ token: text(), name: text(), password: text() })
  const body = { shape, formats: ['json'] } as const
  return endpoint({
    summary: 'Make the account that was asked for',
    access: 'anybody',
    refusals: ['invalid_grant', 'conflict'],
    body,
    answers: { 201: accountAnswer },
  }).handle(async (call) => {
    const typed = await call.body()
    const name = readName(typed.name)
    // Looked at before it is taken: a password that may not be must not cost the token.
    const peeked = await mailed.peek(typed.token, purpose)
    const { sub: id } = peeked
    const claim = await claims.find(id)
    if (claim === undefined) throw deadToken()
    const { username } = claim
    checkWentTo(peeked, username)
    await policy(typed.password, username)
    const passwordHash = await passwords.hash(typed.password)
    await mailed.take(typed.token, purpose)
    const account = await changes.create({
      id,
      username,
      name,
      passwordHash,
      isDisabled: false,
      verifiedAt: clock.now(),
      roles: [],
    })
    if (account === undefined) throw new Refusal('conflict', 'This address has an account.')
    report({ type: 'registered', requestId: call.requestId, source: call.source, sub: id })
    return { status: 201, body: answerOf(account) }
  })
}
