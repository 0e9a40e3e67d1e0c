/** `POST /logout`: ends the token that it is called with, or the login that it came from. Ending what has ended already is no error. */
import { readBearer } from '../http/authorization.ts'
import { endpoint, nothing } from '../http/endpoint.ts'
import { Refusal } from '../http/refusal.ts'
import type { Log } from '../log.ts'
import type { ReinflatingPurpose, TokenStore } from '../storage/ports.ts'
import { isTokenShape, keyOf } from '../tokens/token.ts'
import type { Report } from './security-events.ts'
import type { Ended, OtherKind } from './validate-tokens.ts'

export interface LogOutDependencies {
  readonly tokens: TokenStore
  readonly purpose: ReinflatingPurpose
  readonly report: Report
  readonly kinds: readonly OtherKind[]
  readonly log: Log
}

export function logOut({ tokens, purpose, kinds, report, log }: LogOutDependencies) {
  return endpoint({
    summary: 'End the login of a token',
    access: 'user',
    answers: { 204: nothing },
  }).handle(async (call) => {
    const token = readBearer(call.header('authorization'))
    if (token === undefined) throw new Refusal('missing_token', 'A bearer token is needed here.')
    const ended = await end(token)
    if (ended !== undefined) {
      const { sub, id: session } = ended
      const { requestId, source } = call
      log.info('logged out', { request_id: requestId, sub, session })
      report({ type: 'logged_out', requestId, source, sub, session })
    }
    return { status: 204, body: undefined }
  })

  async function end(token: string): Promise<Ended | undefined> {
    if (isTokenShape(token)) return await tokens.revoke(keyOf(token), purpose)
    return await kinds.find((kind) => kind.hasShape(token))?.end(token)
  }
}
