/** `POST /logout-all`: ends everything of the caller's, also what a login that is under way would still issue. */
import { endpoint, nothing } from '../../http/endpoint.ts'
import type { Log } from '../../log.ts'
import type { Purpose } from '../../storage/ports.ts'
import { checkSession, type SessionDependencies } from '../check-session.ts'
import type { Report } from '../security-events.ts'

export interface LogOutEverywhereDependencies extends SessionDependencies {
  /** Of all that a user can have. */
  readonly userPurposes: () => readonly Purpose[]
  readonly report: Report
  readonly log: Log
}

export function logOutEverywhere(dependencies: LogOutEverywhereDependencies) {
  const { tokens, userPurposes, report, log } = dependencies
  return endpoint({
    summary: 'End all logins of the caller',
    access: 'user',
    answers: { 204: nothing },
  }).handle(async (call) => {
    const { sub, id: session } = await checkSession(dependencies, call)
    await tokens.revokeSubject(sub, userPurposes())
    const { requestId, source } = call
    log.info('all sessions ended', { request_id: requestId, sub, session })
    report({ type: 'all_sessions_ended', requestId, source, sub, session })
    return { status: 204, body: undefined }
  })
}
