/**
 * How a login decides: a short list of named steps, each of which fills in what the next one needs.
 *
 * The order is the safety: the marks are read before the password is checked, and tokens are issued under the marks that
 * were read. Whoever changes a password sets a new mark, so a login that was checked against the old one cannot
 * issue after it. An unknown user takes the same steps and makes the same calls, on behalf of nobody.
 */
import { Refusal } from '../http/refusal.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type {
  LivingToken,
  Mark,
  PasswordHash,
  Purpose,
  TokenStore,
  User,
  UserStore,
} from '../storage/ports.ts'
import type { BearerToken } from '../tokens/token.ts'
import { normaliseUsername } from './usernames.ts'

export interface LoginAttempt {
  readonly username: string
  readonly password: string
  readonly requestId: string
  /** Where it comes from: an IP address, or `unknown`. */
  readonly source: string
  /** Whose marks are read: a user's id, or nobody's. */
  sub: string
  /** By the name of the purpose. */
  marks: ReadonlyMap<string, Mark>
  user: User | undefined
  /** Set where the password is right but its stored hash is weak. */
  strongerHash: PasswordHash | undefined
  /** What the tokens will be allowed. Space-separated. */
  scope: string
  issued: { readonly token: BearerToken; readonly living: LivingToken } | undefined
  /** The public id of what was issued, as `GET /sessions` names it. */
  session: string | undefined
}

export type LoginStep = (attempt: LoginAttempt) => Promise<void>

export interface CheckDependencies {
  readonly users: UserStore
  readonly tokens: TokenStore
  readonly passwords: Passwords
  /** Of all that may be issued. */
  readonly purposes: readonly Purpose[]
}

/** The subject of users who do not exist. No user has this id. */
export const nobody = '00000000-0000-4000-8000-000000000000'

export function checkSteps({
  users,
  tokens,
  passwords,
  purposes,
}: CheckDependencies): readonly LoginStep[] {
  return [findUser, readMarks, rereadUser, checkPassword]

  async function findUser(attempt: LoginAttempt): Promise<void> {
    const user = await users.findByUsername(normaliseUsername(attempt.username))
    attempt.sub = user?.id ?? nobody
  }

  async function readMarks(attempt: LoginAttempt): Promise<void> {
    attempt.marks = await tokens.marks(attempt.sub, purposes)
  }

  async function rereadUser(attempt: LoginAttempt): Promise<void> {
    attempt.user = await users.findById(attempt.sub)
  }

  async function checkPassword(attempt: LoginAttempt): Promise<void> {
    const { password, user } = attempt
    const { matches, stronger } = await passwords.check(password, user?.passwordHash)
    if (!matches || user === undefined || user.isDisabled) throw wrongCredentials()
    attempt.strongerHash = stronger
  }
}

/** One refusal for every reason: who may not enter shall not learn why. */
export function wrongCredentials(): Refusal {
  return new Refusal('invalid_credentials', 'The user name or the password is wrong.')
}

export function isWrongCredentials(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'invalid_credentials'
}
