/**
 * Another address for an account, in two steps: `POST /me/username` sends a token there, `POST /me/username/finish` takes
 * it. Whether the new address has an account of its own is told by mail, to that address alone.
 */
import type { Clock } from '../../clock.ts'
import { endpoint, nothing } from '../../http/endpoint.ts'
import { Refusal } from '../../http/refusal.ts'
import { object, text } from '../../http/shape.ts'
import type { UserStore } from '../../storage/ports.ts'
import type { Report } from '../security-events.ts'
import { maxUsernameLength } from '../usernames.ts'
import type { ClaimStore } from './account-store.ts'
import type { Caller } from './caller.ts'
import type { AccountChanges } from './change-accounts.ts'
import { readAddress } from './fields.ts'
import { keepFormerAddress } from './former-address.ts'
import { type AskingLimits, tooMany } from './limits.ts'
import { mails } from './mail-templates.ts'
import { checkWentTo, deadToken, type MailedTokens } from './mailed-tokens.ts'
import type { Post } from './post.ts'
import { accountPurposes } from './purposes.ts'

const { changeUsername: purpose } = accountPurposes

export interface AskUsernameDependencies {
  readonly caller: Caller
  readonly users: UserStore
  readonly claims: ClaimStore
  readonly post: Post
  readonly limits: AskingLimits
  readonly report: Report
}

export function askForUsername(dependencies: AskUsernameDependencies) {
  const { caller, users, claims, post, limits, report } = dependencies
  const shape = object({ username: text({ maxLength: maxUsernameLength }), password: text() })
  const body = { shape, formats: ['json'] } as const
  return endpoint({
    summary: 'Ask for another address for the caller, by mail',
    access: 'user',
    refusals: ['invalid_credentials', 'too_many_requests'],
    body,
    answers: { 202: nothing },
  }).handle(async (call) => {
    post.checkOpen()
    const account = await caller.find(call)
    const typed = await call.body()
    const username = readAddress(typed.username)
    if (username === account.username)
      throw new Refusal('invalid_request', 'That is the address of this account.')
    await caller.checkPassword(typed.password, account, call)
    if (!(await limits.allow({ username, source: call.source }))) throw tooMany(limits)
    const { id: sub } = account
    const owner = await users.findByUsername(username)
    const told =
      owner === undefined
        ? { template: mails.changeUsername, sub }
        : { template: mails.alreadyRegistered, sub: owner.id }
    const requests = [told, { template: mails.usernameAsked, sub }]
    await keepFormerAddress(claims, account)
    const { passwordHash } = account
    await claims.hold({ sub, username, passwordHash }, purpose.ttlSeconds, requests)
    post.look()
    report({ type: 'username_asked', requestId: call.requestId, source: call.source, sub })
    return { status: 202, body: undefined }
  })
}

export interface FinishUsernameDependencies {
  readonly mailed: MailedTokens
  readonly claims: ClaimStore
  readonly changes: AccountChanges
  readonly clock: Clock
  readonly report: Report
}

export function finishUsername(dependencies: FinishUsernameDependencies) {
  const { mailed, claims, changes, clock, report } = dependencies
  const body = { shape: object({ token: text() }), formats: ['json'] } as const
  return endpoint({
    summary: 'Give an account the address that was asked for',
    access: 'anybody',
    refusals: ['invalid_grant', 'conflict'],
    body,
    answers: { 204: nothing },
  }).handle(async (call) => {
    const { requestId, source } = call
    const { token } = await call.body()
    const taken = await mailed.take(token, purpose)
    const { sub } = taken
    const claim = await claims.find(sub)
    if (claim === undefined) throw deadToken()
    const { username } = claim
    checkWentTo(taken, username)
    const changed = await changes.change(sub, (account) => {
      if (account.isDisabled) throw deadToken()
      const fields = { username, verifiedAt: clock.now() }
      return {
        type: 'username_changed',
        fields,
        endsSessions: true,
        mails: [mails.usernameChanged],
        made: () => report({ type: 'username_changed', requestId, source, sub }),
      }
    })
    if (changed === undefined) throw deadToken()
    return { status: 204, body: undefined }
  })
}
