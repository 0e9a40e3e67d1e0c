/** `DELETE /sessions/:id`: ends a session of the caller's. Whether somebody else has one of that id is not told. */
import { endpoint, nothing } from '../../http/endpoint.ts'
import { Refusal } from '../../http/refusal.ts'
import type { Log } from '../../log.ts'
import { checkSession, type SessionDependencies } from '../check-session.ts'
import type { Report } from '../security-events.ts'
import type { SessionKind } from '../session-kinds.ts'

export interface EndSessionDependencies extends SessionDependencies {
  readonly sessionKinds: () => readonly SessionKind[]
  readonly report: Report
  readonly log: Log
}

export function endSession(dependencies: EndSessionDependencies) {
  const { sessionKinds, report, log } = dependencies

  return endpoint({
    summary: 'End a login of the caller',
    access: 'user',
    refusals: ['not_found'],
    answers: { 204: nothing },
  }).handle(async (call) => {
    const { sub } = await checkSession(dependencies, call)
    const session = call.param('id')
    if (!(await end(sub, session))) throw new Refusal('not_found', 'You have no such session.')
    const { requestId, source } = call
    log.info('session ended', { request_id: requestId, sub, session })
    report({ type: 'session_ended', requestId, source, sub, session })
    return { status: 204, body: undefined }
  })

  /** Whether one of the kinds had it. One that cannot tell keeps no other from ending it. */
  async function end(sub: string, id: string): Promise<boolean> {
    const faults: unknown[] = []
    for (const kind of sessionKinds()) {
      try {
        if (await kind.end(sub, id)) return true
      } catch (error) {
        faults.push(error)
      }
    }
    if (faults.length > 0) throw faults[0]
    return false
  }
}
