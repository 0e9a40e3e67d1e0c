/** `DELETE /sessions/:id`: ends a session of the caller's. Whether somebody else has one of that id is not told. */
import { endpoint, nothing } from '../../http/endpoint.ts'
import { Refusal } from '../../http/refusal.ts'
import type { Log } from '../../log.ts'
import { type ReinflatingPurpose, subjectTagOf, type TokenStore } from '../../storage/ports.ts'
import { checkSession } from '../check-session.ts'
import type { Report } from '../security-events.ts'
import type { SessionIndex } from './session-index.ts'

export interface EndSessionDependencies {
  readonly index: SessionIndex
  readonly tokens: TokenStore
  readonly purpose: ReinflatingPurpose
  readonly report: Report
  readonly log: Log
}

export function endSession({ index, tokens, purpose, report, log }: EndSessionDependencies) {
  return endpoint({ answers: { 204: nothing } }).handle(async (call) => {
    const { sub } = await checkSession({ tokens, purpose }, call)
    const listed = await index.list(sub)
    const session = listed.find(({ id }) => id === call.param('id'))
    if (session === undefined) throw noSuchSession()
    const { id, hash } = session
    const ended = await tokens.revoke({ subjectTag: subjectTagOf(sub), hash }, purpose)
    await index.remove(sub, [id])
    if (ended === undefined) throw noSuchSession()
    const { requestId, source } = call
    log.info('session ended', { request_id: requestId, sub, session: id })
    report({ type: 'session_ended', requestId, source, sub, session: id })
    return { status: 204, body: undefined }
  })
}

function noSuchSession(): Refusal {
  return new Refusal('not_found', 'You have no such session.')
}
