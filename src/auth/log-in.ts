/** `POST /login`: a user name and a password, as JSON, as a form or by HTTP Basic, for a session token. */
import { endpoint } from '../http/endpoint.ts'
import { count, literal, object, text } from '../http/shape.ts'
import type { Log } from '../log.ts'
import type { ReinflatingPurpose, TokenStore } from '../storage/ports.ts'
import { mintToken } from '../tokens/token.ts'
import { remainingSeconds } from './lifetimes.ts'
import { type CheckedAttempt, type Login, loginBody } from './login.ts'
import { wrongCredentials } from './login-steps.ts'

const loginAnswer = object({ token: text(), token_type: literal('Bearer'), expires_in: count() })

export interface LogInDependencies {
  readonly login: Login
  readonly tokens: TokenStore
  readonly purpose: ReinflatingPurpose
  readonly log: Log
}

export function logIn({ login, tokens, purpose, log }: LogInDependencies) {
  return endpoint({
    summary: 'Log in, for a session token',
    access: 'login',
    body: loginBody,
    answers: { 200: loginAnswer },
  }).handle(async (call) => {
    const { issued } = await login(call, { purposes: [purpose], issue: issueSession })
    if (issued === undefined) throw new TypeError('the login ended without a token')
    const { token, living } = issued
    log.info('logged in', { request_id: call.requestId, sub: living.sub, session: living.id })
    return {
      status: 200,
      body: { token, token_type: 'Bearer', expires_in: remainingSeconds(living) },
    }
  })

  async function issueSession(attempt: CheckedAttempt): Promise<void> {
    const { user, marks, scope } = attempt
    const mark = marks.get(purpose.name)
    const { token, filed } = mintToken({ purpose, sub: user.id, name: user.name, scope, mark })
    const living = await tokens.issue(filed)
    if (living === undefined) throw wrongCredentials()
    attempt.issued = { token, living }
    attempt.session = living.id
  }
}
