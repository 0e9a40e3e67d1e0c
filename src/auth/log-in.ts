/** `POST /login`: a user name and a password, as JSON, as a form or by HTTP Basic, for a session token. */
import { readBasic } from '../http/authorization.ts'
import { type Call, checkShape, endpoint } from '../http/endpoint.ts'
import { Refusal } from '../http/refusal.ts'
import { count, literal, object, type TypeOf, text } from '../http/shape.ts'
import { describeError, type Log } from '../log.ts'
import type { UserStore } from '../storage/ports.ts'
import { remainingSeconds } from './lifetimes.ts'
import type { LoginAttempt, LoginStep } from './login-steps.ts'
import { maxUsernameLength } from './usernames.ts'

const credentials = object({ username: text({ maxLength: maxUsernameLength }), password: text() })
type Credentials = TypeOf<typeof credentials>

const loginAnswer = object({ token: text(), token_type: literal('Bearer'), expires_in: count() })

export interface LogInDependencies {
  readonly steps: readonly LoginStep[]
  readonly users: UserStore
  readonly log: Log
}

export function logIn({ steps, users, log }: LogInDependencies) {
  const body = { shape: credentials, formats: ['json', 'form'] } as const
  return endpoint({ body, answers: { 200: loginAnswer } }).handle(async (call) => {
    const attempt = beginAttempt(await readCredentials(call))
    for (const step of steps) await step(attempt)
    const { issued } = attempt
    if (issued === undefined) throw new TypeError('the login steps ended without a token')
    const { token, living } = issued
    log.info('logged in', { request_id: call.requestId, sub: living.sub, session: living.id })
    await strengthenHash(attempt)
    return {
      status: 200,
      body: { token, token_type: 'Bearer', expires_in: remainingSeconds(living) },
    }
  })

  /** A login that has succeeded does not fail because a better hash could not be stored. */
  async function strengthenHash({ user, strongerHash }: LoginAttempt): Promise<void> {
    if (user === undefined || strongerHash === undefined) return
    try {
      await users.replacePasswordHash(user.id, user.passwordHash, strongerHash)
    } catch (error) {
      log.warn('a stronger password hash was not stored', {
        sub: user.id,
        error: describeError(error),
      })
    }
  }
}

function beginAttempt({ username, password }: Credentials): LoginAttempt {
  return {
    username,
    password,
    sub: '',
    mark: undefined,
    user: undefined,
    strongerHash: undefined,
    issued: undefined,
  }
}

async function readCredentials(call: Call<Credentials>): Promise<Credentials> {
  const basic = readBasic(call.header('authorization'))
  if (basic === undefined) return await call.body()
  if (call.hasBody) throw new Refusal('invalid_request', 'Send HTTP Basic or a body, not both.')
  return checkShape(credentials, { username: basic.userId, password: basic.password })
}
