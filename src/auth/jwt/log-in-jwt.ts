/** `POST /login/jwt`: the login of `/login`, for an access token and the first refresh token of a family. */
import { endpoint } from '../../http/endpoint.ts'
import type { Log } from '../../log.ts'
import type { FixedPurpose } from '../../storage/ports.ts'
import { type CheckedAttempt, type Login, loginBody } from '../login.ts'
import { wrongCredentials } from '../login-steps.ts'
import type { AccessTokens } from './access-tokens.ts'
import { answerOf, type RefreshAnswer, refreshAnswer } from './refresh-answer.ts'
import type { RefreshFamilies } from './refresh-families.ts'
import { hashOf, mintRefreshToken, placeOf } from './refresh-token.ts'

/** RFC 9068 §2.2 wants a client in each access token: a user who logs in here directly comes through no other. */
const directClientId = 'sallyport'

export interface LogInJwtDependencies {
  readonly login: Login
  readonly families: RefreshFamilies
  readonly accessTokens: AccessTokens
  readonly purpose: FixedPurpose
  readonly log: Log
}

export function logInJwt(dependencies: LogInJwtDependencies) {
  const { login, families, accessTokens, purpose, log } = dependencies

  return endpoint({
    summary: 'Log in, for an access token and a refresh token',
    access: 'login',
    body: loginBody,
    answers: { 200: refreshAnswer },
  }).handle(async (call) => {
    let answer: RefreshAnswer | undefined
    const issue = async (attempt: CheckedAttempt) => {
      answer = await openFamily(attempt)
    }
    await login(call, { purposes: [purpose], issue })
    if (answer === undefined) throw new TypeError('the login ended without tokens')
    return { status: 200, body: answer }
  })

  /** What may fail without a trace comes first. */
  async function openFamily(attempt: CheckedAttempt): Promise<RefreshAnswer> {
    const { user, marks, scope, requestId, source } = attempt
    const refreshToken = mintRefreshToken(user.id)
    const place = placeOf(refreshToken)
    const subject = { sub: user.id, clientId: directClientId, scope }
    const access = await accessTokens.mint({ ...subject, sid: place.id })
    const mark = marks.get(purpose.name)
    const family = await families.open({
      ...subject,
      place,
      source,
      tokenHash: hashOf(refreshToken),
      mark,
    })
    if (family === undefined) throw wrongCredentials()
    attempt.session = family.id
    log.info('logged in', { request_id: requestId, sub: user.id, session: family.id })
    return answerOf(access, refreshToken, family)
  }
}
