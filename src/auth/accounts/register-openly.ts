/** `POST /register` where anybody may have an account at once, and where it is no secret which addresses have one. */
import type { Clock } from '../../clock.ts'
import { endpoint } from '../../http/endpoint.ts'
import { Refusal } from '../../http/refusal.ts'
import { object, text } from '../../http/shape.ts'
import type { Passwords } from '../../passwords/passwords.ts'
import { uuidV7 } from '../../uuid-v7.ts'
import type { Report } from '../security-events.ts'
import { maxUsernameLength } from '../usernames.ts'
import type { AccountChanges } from './change-accounts.ts'
import { accountAnswer, answerOf, readAddress, readName } from './fields.ts'
import { type AskingLimits, tooMany } from './limits.ts'
import type { PasswordPolicy } from './password-policy.ts'

export interface RegisterDependencies {
  readonly changes: AccountChanges
  readonly passwords: Passwords
  readonly policy: PasswordPolicy
  readonly limits: AskingLimits
  readonly clock: Clock
  readonly report: Report
}

const shape = object({
  username: text({ maxLength: maxUsernameLength }),
  name: text(),
  password: text(),
})

export function registerOpenly(dependencies: RegisterDependencies) {
  const { changes, passwords, policy, limits, clock, report } = dependencies
  const body = { shape, formats: ['json'] } as const
  return endpoint({
    summary: 'Make an account',
    access: 'anybody',
    refusals: ['conflict', 'too_many_requests'],
    body,
    answers: { 201: accountAnswer },
  }).handle(async (call) => {
    const typed = await call.body()
    const username = readAddress(typed.username)
    const name = readName(typed.name)
    await policy(typed.password, username)
    if (!(await limits.allow({ username, source: call.source }))) throw tooMany(limits)
    const id = uuidV7(clock.now())
    const account = await changes.create({
      id,
      username,
      name,
      passwordHash: await passwords.hash(typed.password),
      isDisabled: false,
      verifiedAt: undefined,
      roles: [],
    })
    if (account === undefined) throw new Refusal('conflict', 'This address has an account.')
    report({ type: 'registered', requestId: call.requestId, source: call.source, sub: id })
    return { status: 201, body: answerOf(account) }
  })
}
