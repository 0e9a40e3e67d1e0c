/**
 * How a login decides: a short list of named steps, each of which fills in what the next one needs. A capability may
 * put its own among them.
 *
 * The order is the safety: the marks are read before the password is checked, and the token is issued under the marks
 * that were read. Whoever changes a password sets a new mark, so a login that was checked against the old one cannot
 * issue after it. An unknown user takes the same steps and makes the same calls, on behalf of nobody.
 */
import { Refusal } from '../http/refusal.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type {
  LivingToken,
  Mark,
  PasswordHash,
  ReinflatingPurpose,
  TokenStore,
  User,
  UserStore,
} from '../storage/ports.ts'
import { type BearerToken, mintToken } from '../tokens/token.ts'
import { normaliseUsername } from './usernames.ts'

export interface LoginAttempt {
  readonly username: string
  readonly password: string
  /** Whose marks are read: a user's id, or nobody's. */
  sub: string
  mark: Mark | undefined
  user: User | undefined
  /** Set where the password is right but its stored hash is weak. */
  strongerHash: PasswordHash | undefined
  issued: { readonly token: BearerToken; readonly living: LivingToken } | undefined
}

export type LoginStep = (attempt: LoginAttempt) => Promise<void>

export interface LoginDependencies {
  readonly users: UserStore
  readonly tokens: TokenStore
  readonly passwords: Passwords
  readonly purpose: ReinflatingPurpose
}

/** The subject of users who do not exist. No user has this id. */
const nobody = '00000000-0000-4000-8000-000000000000'

export function loginSteps({
  users,
  tokens,
  passwords,
  purpose,
}: LoginDependencies): readonly LoginStep[] {
  return [findUser, readMark, rereadUser, checkPassword, issueToken]

  async function findUser(attempt: LoginAttempt): Promise<void> {
    const user = await users.findByUsername(normaliseUsername(attempt.username))
    attempt.sub = user?.id ?? nobody
  }

  async function readMark(attempt: LoginAttempt): Promise<void> {
    attempt.mark = (await tokens.marks(attempt.sub, [purpose])).get(purpose.name)
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

  async function issueToken(attempt: LoginAttempt): Promise<void> {
    const { id, name } = attempt.user as User // there is one, or its password would not have matched
    const { token, filed } = mintToken({ purpose, sub: id, name, scope: '', mark: attempt.mark })
    const living = await tokens.issue(filed)
    if (living === undefined) throw wrongCredentials()
    attempt.issued = { token, living }
  }
}

/** One refusal for every reason: who may not enter shall not learn why. */
function wrongCredentials(): Refusal {
  return new Refusal('invalid_credentials', 'The user name or the password is wrong.')
}
