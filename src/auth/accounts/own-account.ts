/** `/me`: users see their account, give it another name, and leave. */
import { endpoint, nothing } from '../../http/endpoint.ts'
import { object, text } from '../../http/shape.ts'
import type { Report } from '../security-events.ts'
import type { Caller } from './caller.ts'
import type { AccountChanges } from './change-accounts.ts'
import { accountAnswer, answerOf, readName } from './fields.ts'
import { nobodyAnyMore } from './gone.ts'
import { type Limit, tooMany } from './limits.ts'

export interface OwnAccountDependencies {
  readonly caller: Caller
  readonly changes: AccountChanges
  /** By user: each rename is told to all who follow accounts. */
  readonly renames: Limit
  readonly report: Report
}

export function showAccount({ caller }: Pick<OwnAccountDependencies, 'caller'>) {
  return endpoint({
    summary: 'Show the account of the caller',
    access: 'user',
    answers: { 200: accountAnswer },
  }).handle(async (call) => ({
    status: 200,
    body: answerOf(await caller.find(call)),
  }))
}

export function renameAccount({ caller, changes, renames }: OwnAccountDependencies) {
  const body = { shape: object({ name: text() }), formats: ['json'] } as const
  return endpoint({
    summary: 'Give the caller another name',
    access: 'user',
    refusals: ['too_many_requests'],
    body,
    answers: { 200: accountAnswer },
  }).handle(async (call) => {
    const { id } = await caller.find(call)
    const name = readName((await call.body()).name)
    if (!(await renames.allows(id))) throw tooMany(renames)
    const renamed = await changes.change(id, (account) =>
      account.name === name
        ? undefined
        : { type: 'renamed', fields: { name }, endsSessions: false },
    )
    if (renamed === undefined) throw nobodyAnyMore()
    return { status: 200, body: answerOf(renamed) }
  })
}

export function deleteAccount({ caller, changes, report }: OwnAccountDependencies) {
  const body = { shape: object({ password: text() }), formats: ['json'] } as const
  return endpoint({
    summary: 'Delete the account of the caller',
    access: 'user',
    refusals: ['invalid_credentials', 'too_many_requests'],
    body,
    answers: { 204: nothing },
  }).handle(async (call) => {
    const { id: sub } = await caller.find(call)
    const { password } = await call.body()
    const { requestId, source } = call
    const isRemoved = await changes.remove(
      sub,
      (account) => caller.checkPassword(password, account, call),
      () => report({ type: 'account_deleted', requestId, source, sub }),
    )
    if (!isRemoved) throw nobodyAnyMore()
    return { status: 204, body: undefined }
  })
}
