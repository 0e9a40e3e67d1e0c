/**
 * A login, whatever it brings in the end: credentials from a body or from HTTP Basic, the steps that check them, and the
 * step that issues. A capability may put its own steps among them.
 */
import { readBasic } from '../http/authorization.ts'
import { type BodyDeclaration, type Call, checkShape } from '../http/endpoint.ts'
import { Refusal } from '../http/refusal.ts'
import { object, type TypeOf, text } from '../http/shape.ts'
import { describeError, type Log } from '../log.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { Purpose, TokenStore, User, UserStore } from '../storage/ports.ts'
import { checkSteps, isWrongCredentials, type LoginAttempt, type LoginStep } from './login-steps.ts'
import type { Report } from './security-events.ts'
import { maxUsernameLength } from './usernames.ts'

const credentials = object({ username: text({ maxLength: maxUsernameLength }), password: text() })
type Credentials = TypeOf<typeof credentials>

/** What an endpoint that logs in declares as its body. */
export const loginBody: BodyDeclaration<Credentials> = {
  shape: credentials,
  formats: ['json', 'form'],
}

/** What a capability adds to each login. */
export interface LoginAdditions {
  /** Before anything is looked up. */
  readonly begun?: LoginStep
  /** When the password was found right, before anything is issued. */
  readonly checked?: LoginStep
  /** When all was issued. */
  readonly issued?: LoginStep
  /** When it has ended otherwise, wherever it was by then. What this throws is answered in the place of `error`. */
  readonly failed?: (attempt: LoginAttempt, error: unknown) => Promise<void>
}

export interface LoginRequest {
  /** Of all that may be issued. */
  readonly purposes: readonly Purpose[]
  /** Issues under the marks that were read, and leaves the `session` on the attempt; refuses with `wrongCredentials()` where one of them has changed. */
  readonly issue: (attempt: CheckedAttempt) => Promise<void>
}

/** A login whose password was right. */
export interface CheckedAttempt extends LoginAttempt {
  readonly user: User
}

/** Refuses with `invalid_credentials`, or with what a step refuses. */
export type Login = (call: Call<Credentials>, request: LoginRequest) => Promise<CheckedAttempt>

export interface LoginDependencies {
  readonly users: UserStore
  readonly tokens: TokenStore
  readonly passwords: Passwords
  /** Asked at each login: capabilities are registered one after the other. */
  readonly additions: () => readonly LoginAdditions[]
  readonly report: Report
  readonly log: Log
}

export function createLogin(dependencies: LoginDependencies): Login {
  const { users, additions, report, log } = dependencies

  return async (call, { purposes, issue }) => {
    const { username, password } = await readCredentials(call)
    const { requestId, source } = call
    const attempt = beginAttempt({ username, password, requestId, source })
    const added = additions()
    const stepsOf = (place: 'begun' | 'checked' | 'issued') =>
      added.flatMap((one) => one[place] ?? [])
    const checks = checkSteps({ ...dependencies, purposes })
    try {
      await run([...stepsOf('begun'), ...checks, ...stepsOf('checked')], attempt)
      const checked = withUser(attempt)
      await issue(checked)
      await run(stepsOf('issued'), checked)
      const { user, session } = checked
      report({ type: 'login_succeeded', requestId, source, sub: user.id, session })
      await strengthenHash(checked)
      return checked
    } catch (error) {
      if (isWrongCredentials(error)) {
        report({ type: 'login_failed', requestId, source, username, sub: attempt.user?.id })
      }
      for (const { failed } of added) await failed?.(attempt, error)
      throw error
    }
  }

  /** A login that has succeeded does not fail because a better hash could not be stored. */
  async function strengthenHash({ user, strongerHash }: CheckedAttempt): Promise<void> {
    if (strongerHash === undefined) return
    try {
      await users.replacePasswordHash(user.id, user.passwordHash, strongerHash)
    } catch (error) {
      const fields = { sub: user.id, error: describeError(error) }
      log.warn('a stronger password hash was not stored', fields)
    }
  }
}

async function run(steps: readonly LoginStep[], attempt: LoginAttempt): Promise<void> {
  for (const step of steps) await step(attempt)
}

/** The same attempt: whoever has seen it begin knows it again. */
function withUser(attempt: LoginAttempt): CheckedAttempt {
  const { user } = attempt
  if (user === undefined) throw new TypeError('the login steps ended without a user')
  return Object.assign(attempt, { user })
}

type Known = Pick<LoginAttempt, 'username' | 'password' | 'requestId' | 'source'>

function beginAttempt(known: Known): LoginAttempt {
  return {
    ...known,
    sub: '',
    marks: new Map(),
    user: undefined,
    strongerHash: undefined,
    scope: '',
    issued: undefined,
    session: undefined,
  }
}

async function readCredentials(call: Call<Credentials>): Promise<Credentials> {
  const basic = readBasic(call.header('authorization'))
  if (basic === undefined) return await call.body()
  if (call.hasBody) throw new Refusal('invalid_request', 'Send HTTP Basic or a body, not both.')
  return checkShape(credentials, { username: basic.userId, password: basic.password })
}
