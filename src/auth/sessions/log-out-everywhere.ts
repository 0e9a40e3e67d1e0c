/** `POST /logout-all`: ends everything of the caller's, also what a login that is under way would still issue. */
import { endpoint, nothing } from '../../http/endpoint.ts'
import type { Log } from '../../log.ts'
import type { Purpose, ReinflatingPurpose, TokenStore } from '../../storage/ports.ts'
import { checkSession } from '../check-session.ts'
import type { Report } from '../security-events.ts'

export interface LogOutEverywhereDependencies {
  readonly tokens: TokenStore
  readonly purpose: ReinflatingPurpose
  /** Of all that a user can have. */
  readonly userPurposes: () => readonly Purpose[]
  readonly report: Report
  readonly log: Log
}

export function logOutEverywhere({
  tokens,
  purpose,
  userPurposes,
  report,
  log,
}: LogOutEverywhereDependencies) {
  return endpoint({ answers: { 204: nothing } }).handle(async (call) => {
    const { sub, id: session } = await checkSession({ tokens, purpose }, call)
    await tokens.revokeSubject(sub, userPurposes())
    const { requestId, source } = call
    log.info('all sessions ended', { request_id: requestId, sub, session })
    report({ type: 'all_sessions_ended', requestId, source, sub, session })
    return { status: 204, body: undefined }
  })
}
